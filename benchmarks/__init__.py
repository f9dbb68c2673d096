"""What is measured, and against what: ratios taken side by side in one run."""
