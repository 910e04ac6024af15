package io.pgha.examples.lab;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds the lab's IPv4 range, as the machine's own address in it and a prefix length. Immutable. */
record Subnet(String gateway, int prefix) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    static Subnet parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || matcher.group(5) == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an IPv4 address with a prefix, like 192.168.60.1/24");
        }
        int prefix = Integer.parseInt(matcher.group(5));
        if (prefix < 8 || prefix > 30) {
            throw new IllegalArgumentException("the prefix of " + text + " is not between 8 and 30");
        }
        String address = text.substring(0, text.indexOf('/'));
        number(address);
        return new Subnet(address, prefix);
    }

    /** Returns the range with its network address, like {@code 192.168.60.0/24}. */
    String range() {
        return address(0) + "/" + prefix;
    }

    /** Returns the address that is so many behind the network address. */
    String address(int index) {
        long value = (number(gateway) & mask()) + index;
        return (value >> 24) + "." + ((value >> 16) & 255) + "." + ((value >> 8) & 255) + "." + (value & 255);
    }

    /** Says whether a host may have this address: inside the range, neither its ends nor the machine's own. */
    boolean fits(String address) {
        long value = number(address);
        long network = number(gateway) & mask();
        long broadcast = network | (~mask() & 0xffffffffL);
        return (value & mask()) == network && value != network && value != broadcast && value != number(gateway);
    }

    private long mask() {
        return (0xffffffffL << (32 - prefix)) & 0xffffffffL;
    }

    /**
     * Returns a hardware address that stays the same for an IPv4 address, so that a host keeps its own over a power
     * cut.
     */
    static String hardwareAddress(String address) {
        long value = number(address);
        return String.format(
                "02:70:%02x:%02x:%02x:%02x", value >> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);
    }

    private static long number(String address) {
        Matcher matcher = FORM.matcher(address);
        if (!matcher.matches() || matcher.group(5) != null) {
            throw new IllegalArgumentException("'" + address + "' is not an IPv4 address");
        }
        long value = 0;
        for (int i = 1; i <= 4; i++) {
            int part = Integer.parseInt(matcher.group(i));
            if (part > 255) {
                throw new IllegalArgumentException("'" + address + "' is not an IPv4 address");
            }
            value = (value << 8) | part;
        }
        return value;
    }

    @Override
    public String toString() {
        return gateway + "/" + prefix;
    }
}
