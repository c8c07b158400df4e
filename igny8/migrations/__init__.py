"""One linear history of the store's schema: 0001, 0002, …"""
