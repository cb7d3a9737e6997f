"""Knowledge bases as spreadsheets: one row an entry, headings in Chinese."""
