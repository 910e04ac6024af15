package io.pgha.proxy;

import io.pgha.host.HostFacts;
import io.pgha.host.HostFacts.InterfaceAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** Compares IP addresses; never asks a name server. */
final class Addresses {
    private Addresses() {}

    static boolean v6(String address) {
        return address.indexOf(':') >= 0;
    }

    /** Finds the interface that holds an address, however the address is spelt. */
    static Optional<InterfaceAddress> holder(HostFacts facts, String address) {
        return facts.addresses().stream()
                .filter(entry -> Arrays.equals(bytes(entry.address()), bytes(address)))
                .findFirst();
    }

    /**
     * Returns whether a machine has another address in whose subnet this one is, so that it finds it there without a
     * router.
     */
    static boolean isNeighbour(HostFacts facts, String address) {
        return facts.addresses().stream()
                .filter(entry -> !Arrays.equals(bytes(entry.address()), bytes(address)) && entry.prefixLength() > 0)
                .anyMatch(entry -> inSubnet(address, entry));
    }

    static boolean inSubnet(String address, InterfaceAddress of) {
        byte[] one = bytes(address);
        byte[] other = bytes(of.address());
        if (one.length == 0 || one.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < of.prefixLength(); bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String address) {
        if (!address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return new byte[0];
        }
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException notAnAddress) {
            return new byte[0];
        }
    }
}
