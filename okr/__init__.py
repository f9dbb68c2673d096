"""OKR Board: the Objectives and Key Results that a company keeps in a spreadsheet, made visible."""
