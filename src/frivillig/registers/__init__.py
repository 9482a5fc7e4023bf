"""Public registers: Statistics Norway's tables and classifications, and the Brønnøysund Register Centre.

What they say of municipalities and of Oslo's districts, joined to answers by number and date. Beside
`frivillig.statistics`, above `frivillig.data`. Nothing here runs when the book is built.
"""

from frivillig.registers.client import Client, RegisterError
from frivillig.registers.link import Linked, Unmatched, link

__all__ = ["Client", "Linked", "RegisterError", "Unmatched", "link"]
