package io.pgha.model.internal.text;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Holds an IP address as a number; reads literals only and never asks a name server. */
public record Ip(int bits, BigInteger value) {
    private static final Pattern V4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    // The first character must be a digit or a colon: InetAddress takes nothing else with a colon for a name.
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;
    private static final BigInteger MAPPED = BigInteger.valueOf(0xffff);

    /** Reads an address; none is an IPv4 address within an IPv6 one, of which two spellings only confuse. */
    public static Optional<Ip> parse(String text) {
        return orMapped(text)
                .filter(ip ->
                        ip.bits == V4_BITS || !ip.value.shiftRight(V4_BITS).equals(MAPPED));
    }

    /** Reads an address, also an IPv4-mapped one such as {@code ::ffff:10.0.0.1}. */
    public static Optional<Ip> orMapped(String text) {
        boolean v4 = V4.matcher(text).matches();
        if (!v4 && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = InetAddress.getAllByName(text)[0].getAddress();
            BigInteger value = new BigInteger(1, bytes);
            // InetAddress gives the IPv4 address in place of an IPv4-mapped one.
            return Optional.of(
                    v4 || bytes.length * Byte.SIZE == V6_BITS
                            ? new Ip(bytes.length * Byte.SIZE, value)
                            : new Ip(V6_BITS, MAPPED.shiftLeft(V4_BITS).or(value)));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    public int lastByte() {
        return value.intValue() & 0xff;
    }

    public boolean sameFamily(Ip other) {
        return bits == other.bits;
    }

    public boolean sameSubnet(Ip other, int prefixLength) {
        return sameFamily(other) && prefix(prefixLength).equals(other.prefix(prefixLength));
    }

    /** Tells whether every bit after the prefix is 0, as in the address of a network. */
    public boolean isNetwork(int prefixLength) {
        return hostPart(prefixLength).signum() == 0;
    }

    /** Tells whether every bit after the prefix is 1, as in the address of an IPv4 broadcast. */
    public boolean isLast(int prefixLength) {
        return hostPart(prefixLength).equals(mask(prefixLength));
    }

    /** Tells whether one machine can have this address and be reached by it from another. */
    public boolean isHost() {
        if (value.signum() == 0) {
            return false;
        }
        return bits == 32
                ? value.shiftRight(28).intValue() < 0xe
                : value.shiftRight(120).intValue() != 0xff
                        && value.shiftRight(118).intValue() != 0x3fa;
    }

    /** Tells whether each machine has this address, or this network, for itself: 127.0.0.0/8, 0.0.0.0/8 and ::1. */
    public boolean isOfEveryMachine() {
        int first = value.shiftRight(24).intValue();
        return bits == 32 ? first == 127 || first == 0 : value.equals(BigInteger.ONE);
    }

    private BigInteger prefix(int prefixLength) {
        return value.shiftRight(bits - prefixLength);
    }

    private BigInteger hostPart(int prefixLength) {
        return value.and(mask(prefixLength));
    }

    private BigInteger mask(int prefixLength) {
        return BigInteger.ONE.shiftLeft(bits - prefixLength).subtract(BigInteger.ONE);
    }
}
