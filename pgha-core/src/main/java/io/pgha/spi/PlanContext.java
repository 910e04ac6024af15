package io.pgha.spi;

import io.pgha.host.HostFacts;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.port.Pki;
import io.pgha.secret.SecretStore;
import java.util.List;

/** What a component may know when it declares its stages. Thread-safe; no network I/O. */
public interface PlanContext {

    /**
     * Returns the cluster as it should be.
     *
     * @return the configuration
     */
    ClusterConfig config();

    /**
     * Returns what is known of a node's machine.
     *
     * @param node the node
     * @return its facts
     */
    HostFacts facts(Node node);

    /**
     * Returns the Debian packages that all components want on a node.
     *
     * @param node the node
     * @return package names, sorted
     */
    List<String> packages(Node node);

    /**
     * Returns what all components want on a node before any package is installed.
     *
     * @param node the node
     * @return the resources, in the components' order
     */
    List<Resource> beforePackages(Node node);

    /**
     * Returns the certificates of the cluster.
     *
     * @return the port to the certificate authority
     * @throws io.pgha.PgHaException when no component that has one is installed (code {@code pki.missing})
     */
    Pki pki();

    /**
     * Returns the cluster's passwords.
     *
     * @return the store, already narrowed to this cluster
     */
    SecretStore secrets();
}
