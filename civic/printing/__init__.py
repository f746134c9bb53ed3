"""Documents worth printing: tagged PDF (PDF/UA-1) made of blocks. What people wrote is data and never markup."""
