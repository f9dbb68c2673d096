"""Pictures of the status, drawn by Typst: PNG, SVG and PDF from one template and the same data."""
