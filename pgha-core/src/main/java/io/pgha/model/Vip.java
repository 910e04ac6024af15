package io.pgha.model;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.internal.text.Ip;
import io.pgha.model.internal.text.Texts;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Describes a virtual IP address that keepalived moves between the HAProxy nodes.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface Vip {
    /**
     * Returns the address.
     *
     * @return an IPv4 or IPv6 address
     */
    String address();

    /**
     * Returns the length of the subnet's prefix.
     *
     * @return bits, for example 24; the subnet contains every HAProxy node unless {@link #networkInterface()} is given
     */
    int prefixLength();

    /**
     * Returns the VRRP virtual router id, unique on its network segment.
     *
     * @return 1 to 255; the address's last byte by default
     */
    @Value.Default
    default int virtualRouterId() {
        return lastByte();
    }

    /**
     * Returns the network interface of every HAProxy node that carries the address, for one outside the nodes' own
     * subnet: {@code 10.0.0.10/32}, which the network routes to whoever holds it, or an address of another network that
     * {@code eth1} is in.
     *
     * <p>The nodes still agree on the holder over their own addresses. A node whose interface is down does not hold the
     * address.
     *
     * @return the interface's name as {@code ip link} prints it, for example {@code eth1}; empty by default: the one
     *     that has the node's own address, whose subnet must then contain the virtual IP
     */
    Optional<String> networkInterface();

    /**
     * Returns the address with its prefix length, as {@code ip addr} prints it.
     *
     * @return for example {@code 192.168.60.110/24}
     */
    default String cidr() {
        return address() + "/" + prefixLength();
    }

    /**
     * Returns the text that {@code toString} shows, for example {@code VIP 192.168.60.110/24 (virtual router id 110)}
     * or {@code VIP 10.0.0.10/32 on eth1 (virtual router id 10)}.
     *
     * @return one line
     */
    default String describe() {
        return "VIP " + cidr() + networkInterface().map(name -> " on " + name).orElse("") + " (virtual router id "
                + virtualRouterId() + ")";
    }

    /**
     * Returns a virtual IP with default settings.
     *
     * @param cidr the address with its prefix length, for example {@code 192.168.60.110/24}
     * @return the virtual IP
     * @throws InvalidConfigException when the text is not an address and a prefix length
     */
    static Vip of(String cidr) {
        Given.value(cidr, "cidr");
        return builder().cidr(cidr).build();
    }

    private int lastByte() {
        // 0 is no router id: ClusterConfig reports it, or rather the address that cannot be read.
        return Ip.parse(address()).map(Ip::lastByte).orElse(0);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link Vip}. Confined to one thread. */
    final class Builder extends ImmutableVip.Builder {
        Builder() {}

        /**
         * Sets address and prefix length from one text.
         *
         * @param cidr for example {@code 192.168.60.110/24}
         * @return this builder
         * @throws InvalidConfigException when the text is not an address and a prefix length
         */
        public Builder cidr(String cidr) {
            Given.value(cidr, "cidr");
            int slash = cidr.indexOf('/');
            if (slash < 0 || !cidr.substring(slash + 1).matches("[0-9]{1,3}")) {
                throw new InvalidConfigException(List.of(Problem.of(
                        "config.vip",
                        "The virtual IP " + Texts.quote(cidr) + " has no prefix length",
                        "Write address/prefix, for example 192.168.60.110/24.")));
            }
            return address(cidr.substring(0, slash)).prefixLength(Integer.parseInt(cidr.substring(slash + 1)));
        }
    }
}
