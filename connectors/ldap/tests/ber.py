"""Messages of LDAP as trees (BER, as RFC 4511, section 5.1, restricts it)."""

from dataclasses import dataclass, field

CONSTRUCTED = 0x20
LONG_FORM = 0x80


@dataclass
class Element:
    """A value, or a sequence of elements if its tag says so."""

    tag: int
    value: bytes = b""
    parts: list["Element"] = field(default_factory=list)

    def encoded(self) -> bytes:
        """Return the bytes of the element."""
        content = (
            b"".join(part.encoded() for part in self.parts)
            if self.tag & CONSTRUCTED
            else self.value
        )
        length = len(content)
        if length < LONG_FORM:
            return bytes([self.tag, length]) + content

        size = (length.bit_length() + 7) // 8
        return bytes([self.tag, LONG_FORM | size]) + length.to_bytes(size, "big") + content


def read(data: bytes) -> tuple[Element, bytes] | None:
    """Return the first element and what follows it; None when it is not complete."""
    if len(data) < 2:
        return None

    tag, length, start = data[0], data[1], 2
    if length >= LONG_FORM:
        start += length - LONG_FORM
        length = int.from_bytes(data[2:start], "big")

    end = start + length
    if len(data) < end:
        return None

    element = Element(tag, data[start:end])
    rest = element.value
    while tag & CONSTRUCTED and (found := read(rest)) is not None:
        part, rest = found
        element.parts.append(part)

    return element, data[end:]
