package io.pgha.model.hba;

import io.pgha.model.internal.text.Ip;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The addresses that a line of {@code pg_hba.conf} is for: an address, and the bits of it that count; they may have
 * gaps.
 */
record HbaNetwork(Ip address, BigInteger mask) {
    /** Only an address of one link may name the link, which PostgreSQL then forgets. */
    private static final Pattern ZONE = Pattern.compile("(?i)(fe[89ab][0-9a-f]:.*)%[A-Za-z0-9_.-]+");

    /** Reads an address; empty for the name of a host. */
    static Optional<Ip> address(String text) {
        Matcher zone = ZONE.matcher(text);
        return Ip.orMapped(zone.matches() ? zone.group(1) : text);
    }

    /** Returns the network of a prefix, from 0 to the bits of the address. */
    static HbaNetwork ofPrefix(Ip address, int prefix) {
        int rest = address.bits() - prefix;
        return new HbaNetwork(address, ones(address.bits()).shiftRight(rest).shiftLeft(rest));
    }

    boolean contains(Ip other) {
        return address.sameFamily(other)
                && address.value().xor(other.value()).and(mask).signum() == 0;
    }

    private static BigInteger ones(int bits) {
        return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    }
}
