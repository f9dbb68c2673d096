"""Any OKR sheet, read as it is: its tabs and columns are found, and put together as the board's."""
