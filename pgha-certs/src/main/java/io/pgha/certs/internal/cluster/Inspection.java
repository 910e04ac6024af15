package io.pgha.certs.internal.cluster;

import io.pgha.Cluster;
import io.pgha.PgHaException;
import io.pgha.certs.CertificateStatus;
import io.pgha.certs.CertsClientOptions;
import io.pgha.certs.CertsView;
import io.pgha.certs.PkiException;
import io.pgha.certs.internal.authority.Authority;
import io.pgha.certs.internal.authority.Failure;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.client.Async;
import io.pgha.host.HostException;
import io.pgha.host.Probe;
import io.pgha.host.RemoteHost;
import io.pgha.host.Tunnel;
import io.pgha.model.Node;
import io.pgha.net.Deadline;
import io.pgha.port.CertificateRequest;
import io.pgha.resource.CertificateResource;
import io.pgha.resource.TlsEndpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One look at all certificates of a cluster, all nodes at once. Used once. */
public final class Inspection {
    /** Long enough for one look, also where clocks differ. */
    private static final Duration PASS = Duration.ofHours(1);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Cluster cluster;
    private final ClusterPki pki;
    private final CertsClientOptions options;
    private final Async async;

    public Inspection(Cluster cluster, ClusterPki pki, CertsClientOptions options, Async async) {
        this.cluster = cluster;
        this.pki = pki;
        this.options = options;
        this.async = async;
    }

    public CertsView view() throws InterruptedException {
        Handshake handshake = as(pki.authority());
        List<CertificateStatus> all = everywhere((node, certificates) -> statuses(node, certificates, handshake));
        return new CertsView(
                cluster.config().name(),
                pki.clock().instant(),
                pki.kept().generation(),
                pki.kept().rotation(),
                pki.authority().fingerprint(),
                pki.authority().notAfter(),
                all);
    }

    /** Refuses to go on unless every daemon shows what it should. */
    public void requireHealthy() throws InterruptedException {
        CertsView view = view();
        if (!view.healthy()) {
            throw unproved(
                    view.defective().stream().map(CertificateStatus::toString).toList());
        }
    }

    /**
     * Refuses to go on unless every daemon lets in who has a certificate of an authority, once it had the time to obey
     * a reload; those that ask for none do.
     */
    public void requireTrustIn(Authority authority) throws InterruptedException {
        require(as(authority), Inspection::notTrusting);
    }

    /**
     * Refuses to go on unless no daemon lets in who has a certificate of an authority, once it had the time to obey a
     * reload; those that ask for none let nobody in because of one.
     */
    public void requireRefusalOf(Authority authority) throws InterruptedException {
        require(as(authority), Inspection::stillTrusting);
    }

    /** Judges the end of one handshake. */
    private interface Judge {
        Optional<String> objection(Attempt attempt) throws InterruptedException;
    }

    /** A handshake to be tried. */
    private interface Attempt {
        Handshake.Shown shake() throws IOException, InterruptedException;
    }

    private static Optional<String> notTrusting(Attempt attempt) throws InterruptedException {
        try {
            attempt.shake();
            return Optional.empty();
        } catch (IOException | PgHaException e) {
            return Optional.of("does not let in who has a certificate of the new authority: " + why(e));
        }
    }

    private static Optional<String> stillTrusting(Attempt attempt) throws InterruptedException {
        try {
            return attempt.shake().clientSeen()
                    ? Optional.of("still lets in who has a certificate of the old authority")
                    : Optional.empty();
        } catch (Handshake.Refused refused) {
            return Optional.empty();
        } catch (IOException | PgHaException e) {
            return Optional.of("cannot be asked whether it still trusts the old authority: " + why(e));
        }
    }

    private void require(Handshake handshake, Judge judge) throws InterruptedException {
        Deadline deadline = Deadline.in(options.reloadTimeout());
        List<String> objections = objections(handshake, judge);
        while (!objections.isEmpty() && !deadline.passed()) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            objections = objections(handshake, judge);
        }
        if (!objections.isEmpty()) {
            throw unproved(objections);
        }
    }

    private List<String> objections(Handshake handshake, Judge judge) throws InterruptedException {
        return everywhere((node, certificates) -> {
            List<String> objections = new ArrayList<>();
            for (CertificateResource certificate : certificates) {
                for (TlsEndpoint endpoint : certificate.endpoints()) {
                    judge.objection(() -> shake(node, endpoint, handshake))
                            .ifPresent(why -> objections.add(node.name() + ": " + endpoint + " " + why));
                }
            }
            return objections;
        });
    }

    private Handshake as(Authority authority) {
        CertificateRequest.Builder request =
                CertificateRequest.builder().commonName("pgha").usage("inspection");
        // etcd's peers look whether a client's address is in its certificate; a tunnel ends on the node itself.
        cluster.config().topology().nodes().forEach(node -> request.addresses(node.address()));
        return Handshake.as(authority.issue(request.build(), PASS), options.handshakeTimeout());
    }

    /** What is done on one node. */
    private interface Look<T> {
        List<T> at(Node node, List<CertificateResource> certificates) throws InterruptedException;
    }

    private <T> List<T> everywhere(Look<T> look) throws InterruptedException {
        Map<Node, List<CertificateResource>> declared = cluster.certificates();
        Map<Node, Callable<List<T>>> work = new LinkedHashMap<>();
        cluster.config()
                .topology()
                .nodes()
                .forEach(node -> Optional.ofNullable(declared.get(node))
                        .ifPresent(certificates -> work.put(node, () -> look.at(node, certificates))));
        return async.all(work).values().stream().flatMap(List::stream).toList();
    }

    private List<CertificateStatus> statuses(Node node, List<CertificateResource> certificates, Handshake handshake)
            throws InterruptedException {
        List<CertificateStatus> statuses = new ArrayList<>();
        try {
            Map<String, String> answers = files(node, certificates);
            for (CertificateResource certificate : certificates) {
                Optional<String> file = certificate.certificate(answers.getOrDefault(certificate.id(), ""));
                for (TlsEndpoint endpoint : certificate.endpoints()) {
                    statuses.add(status(node, certificate, endpoint, file, handshake));
                }
            }
        } catch (PgHaException unreachable) {
            statuses.clear();
            for (CertificateResource certificate : certificates) {
                for (TlsEndpoint endpoint : certificate.endpoints()) {
                    statuses.add(row(
                            node,
                            certificate,
                            endpoint,
                            Optional.empty(),
                            Optional.empty(),
                            List.of(why(unreachable))));
                }
            }
        }
        return statuses;
    }

    private Map<String, String> files(Node node, List<CertificateResource> certificates) throws InterruptedException {
        RemoteHost host = cluster.transport().connect(node);
        List<Probe> probes =
                certificates.stream().map(CertificateResource::probe).toList();
        return host.observe(probes);
    }

    private CertificateStatus status(
            Node node,
            CertificateResource certificate,
            TlsEndpoint endpoint,
            Optional<String> file,
            Handshake handshake)
            throws InterruptedException {
        List<String> defects = new ArrayList<>();
        Optional<X509Certificate> inFile =
                file.flatMap(pem -> Certificates.all(pem).stream().findFirst());
        if (inFile.isEmpty()) {
            defects.add("there is no certificate in " + certificate.path());
        } else {
            pki.defect(file.orElse(""), certificate.request()).ifPresent(defect -> defects.add("the file " + defect));
        }
        Optional<X509Certificate> served = Optional.empty();
        try {
            served = Optional.of(shake(node, endpoint, handshake).certificate());
            String shown = Certificates.pem(served.get());
            if (!served.equals(inFile)) {
                defects.add("serves another certificate than the one in " + certificate.path());
                pki.defect(shown, certificate.request()).ifPresent(defect -> defects.add("that one " + defect));
            }
        } catch (IOException | PgHaException e) {
            defects.add("no handshake: " + why(e));
        }
        return row(node, certificate, endpoint, inFile, served, defects);
    }

    private static CertificateStatus row(
            Node node,
            CertificateResource certificate,
            TlsEndpoint endpoint,
            Optional<X509Certificate> file,
            Optional<X509Certificate> served,
            List<String> defects) {
        return new CertificateStatus(
                node.name(),
                certificate.request().usage(),
                endpoint.toString(),
                certificate.path(),
                file.map(CertificateViews::of),
                served.map(CertificateViews::of),
                List.copyOf(defects));
    }

    private Handshake.Shown shake(Node node, TlsEndpoint endpoint, Handshake handshake)
            throws IOException, InterruptedException {
        if (options.route().isPresent()) {
            InetSocketAddress routed =
                    options.route().get().apply(endpoint.place().unresolved());
            return handshake.with(endpoint, resolved(routed));
        }
        try (Tunnel tunnel = cluster.transport().connect(node).forward(endpoint.address(), endpoint.port())) {
            return handshake.with(endpoint, tunnel.localAddress());
        }
    }

    private static InetSocketAddress resolved(InetSocketAddress address) {
        return address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
    }

    /**
     * No certificate is to blame where a machine allows no tunnel to any daemon: that ends the inspection, with its
     * remedy.
     */
    private static String why(Exception e) {
        if (e instanceof HostException host && host.code().equals(HostException.FORWARDING_FORBIDDEN)) {
            throw host;
        }
        String message = e instanceof PgHaException known ? known.problem().message() : String.valueOf(e.getMessage());
        return message.replaceAll("[^\\x20-\\x7e]+", " ");
    }

    private static PkiException unproved(List<String> reasons) {
        return Failure.of(
                "pki.not-proved",
                "The rotation cannot go on: a step must be proved on every node before the next.\n"
                        + reasons.stream().map(reason -> "  " + reason).collect(Collectors.joining("\n")),
                "Mend what is named, apply the cluster's plan, then call rotateCa() again; it goes on from here.");
    }
}
