package io.pgha.internal;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.HostFacts;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.port.Pki;
import io.pgha.port.Ports;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trace;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the components declare for one cluster on known machines. Pure but for secrets and the authority. */
final class Declared implements PlanContext {
    private final Ports ports;
    private final List<Component> components;
    private final Function<Node, HostFacts> facts;
    private final Optional<Pki> pki;

    Declared(Ports ports, List<Component> components, Redaction redaction, Function<Node, HostFacts> facts) {
        this.ports = ports;
        this.components = components;
        this.facts = facts;
        this.pki = ports.find(Pki.class).map(redaction::watched);
    }

    List<StageSpec> stages() {
        return components.stream()
                .flatMap(component -> component.stages(this).stream())
                .sorted(Comparator.comparing(StageSpec::phase))
                .toList();
    }

    List<PreflightRule> preflight() {
        return components.stream()
                .flatMap(component -> component.preflight(this).stream())
                .toList();
    }

    List<Trace> traces() {
        return components.stream()
                .flatMap(component -> component.traces(this).stream())
                .toList();
    }

    List<Problem> check() {
        return components.stream()
                .flatMap(component -> component.check(this).stream())
                .toList();
    }

    @Override
    public ClusterConfig config() {
        return ports.config();
    }

    @Override
    public HostFacts facts(Node node) {
        return facts.apply(node);
    }

    @Override
    public List<String> packages(Node node) {
        return components.stream()
                .flatMap(component -> component.packages(this, node).stream())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public List<Resource> beforePackages(Node node) {
        return components.stream()
                .flatMap(component -> component.beforePackages(this, node).stream())
                .toList();
    }

    @Override
    public Pki pki() {
        return pki.orElseThrow(() -> new PgHaException(Problem.of(
                "pki.missing",
                "The components of " + config().name() + " need certificates, and no component makes any",
                "Add .install(Certs.component(CaStore.directory(path, passphrase))) to PgHa.builder().")));
    }

    @Override
    public SecretStore secrets() {
        return ports.secrets();
    }
}
