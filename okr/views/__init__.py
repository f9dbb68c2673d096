"""What the screens show: a view-model for each page, and the HTML that is drawn from it."""
