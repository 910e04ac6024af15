package io.pgha.host;

import io.pgha.model.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/** What is known of a machine and does not change while a connection lasts. Immutable and thread-safe. */
@Value.Immutable
public interface HostFacts {

    /**
     * Returns the distribution's id, {@code ID} of {@code /etc/os-release}.
     *
     * @return for example {@code debian}
     */
    String distribution();

    /**
     * Returns the release's code name, {@code VERSION_CODENAME} of {@code /etc/os-release}.
     *
     * @return for example {@code trixie}; empty text where there is none
     */
    String release();

    /**
     * Returns the distribution's full name.
     *
     * @return {@code PRETTY_NAME} of {@code /etc/os-release}
     */
    String osName();

    /**
     * Returns the machine's own name.
     *
     * @return the short host name
     */
    String hostname();

    /**
     * Returns what tells this machine from every other one.
     *
     * @return {@code /etc/machine-id}; empty text where there is none
     */
    String machineId();

    /**
     * Returns how far the machine's clock is ahead of the operator's, measured when the connection was made.
     *
     * @return the offset, negative where the machine is behind; {@link #clockError()} tells how exact it is
     */
    Duration clockOffset();

    /**
     * Returns by how much {@link #clockOffset()} may be wrong, either way.
     *
     * @return half of the round trip of the command that asked, zero by default; a second and more where the network or
     *     this machine was busy
     */
    @Value.Default
    default Duration clockError() {
        return Duration.ZERO;
    }

    /**
     * Returns the dpkg architecture.
     *
     * @return for example {@code amd64}
     */
    String architecture();

    /**
     * Returns the memory.
     *
     * @return bytes
     */
    long memoryBytes();

    /**
     * Returns the number of processors.
     *
     * @return the number
     */
    int processors();

    /**
     * Returns the addresses of the network interfaces.
     *
     * @return one entry an address
     */
    List<InterfaceAddress> addresses();

    /**
     * Returns the interface that holds an address.
     *
     * @param address the address
     * @return the interface's name, for example {@code eth0}
     */
    default Optional<String> interfaceOf(String address) {
        return addresses().stream()
                .filter(entry -> entry.address().equals(address))
                .map(InterfaceAddress::name)
                .findFirst();
    }

    /**
     * One address of one interface. Immutable.
     *
     * @param name the interface
     * @param address the address
     * @param prefixLength the prefix length in bits
     */
    record InterfaceAddress(String name, String address, int prefixLength) {}

    /**
     * Asks a machine; one round trip.
     *
     * @param host the machine
     * @return its facts
     * @throws HostException when it does not answer
     * @throws InterruptedException when the calling thread is interrupted
     */
    static HostFacts read(RemoteHost host) throws InterruptedException {
        return FactsProbe.read(host);
    }

    /**
     * Returns what a node's machine is assumed to be where none is asked: one interface {@code eth0} with the node's
     * address in a /24 (IPv6: /64), two processors, 4 GiB of memory.
     *
     * @param node the node
     * @param release the code name of a release of Debian or Ubuntu, for example {@code trixie} or {@code noble}
     * @return the facts
     * @throws HostException when no release has that name (code {@code host.unknown-release})
     */
    static HostFacts assumed(Node node, String release) {
        OsRelease system = OsRelease.of(release);
        return builder()
                .distribution(system.distribution())
                .release(system.codeName())
                .osName(system.fullName())
                .hostname(node.name())
                .machineId("rehearsal-" + node.name())
                .clockOffset(Duration.ZERO)
                .architecture("amd64")
                .memoryBytes(4L << 30)
                .processors(2)
                .address(new InterfaceAddress(
                        "eth0", node.address(), node.address().indexOf(':') < 0 ? 24 : 64))
                .build();
    }

    /**
     * Returns a builder.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link HostFacts}. Confined to one thread. */
    final class Builder extends ImmutableHostFacts.Builder {
        Builder() {}
    }
}
