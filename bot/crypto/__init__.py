"""Bytes in, bytes out: tags, sealing, opening, signing, codes, trustees."""
