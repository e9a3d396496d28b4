"""The objects of the demonstration. Each function returns a recon.modelling Model, in life size unless it says so."""
