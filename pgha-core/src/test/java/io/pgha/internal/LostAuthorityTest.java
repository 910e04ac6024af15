package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.internal.answer.Answers;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Phase;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.resource.CertificateResource;
import io.pgha.resource.ServiceResource;
import io.pgha.spi.StageSpec;
import io.pgha.testing.Rehearsal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose certificates a plan finds; the certificates are those of the authorities themselves, each issued by itself. */
class LostAuthorityTest {
    private static final String OURS = """
            -----BEGIN CERTIFICATE-----
            MIIBdTCCARugAwIBAgIUQte1ek14jN9giANixhsZVLKzd/4wCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEb3VyczAgFw0yNjEyMDEwNDM2MTdaGA8yMTI2MTEwNzA0MzYx
            N1owDzENMAsGA1UEAwwEb3VyczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCqo
            Owps1Xqx/xMKKfeJf1Ow+iIrNloAeD2CHyw9DABNal+ahwYYpdZwlTQ5GwnDc1G9
            q/Eph/7DXZ7xXtYngXujUzBRMB0GA1UdDgQWBBRYm4IOTDx/Gs9GaBXrn44gHetS
            XTAfBgNVHSMEGDAWgBRYm4IOTDx/Gs9GaBXrn44gHetSXTAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0gAMEUCIDQAUHJ/yUZtIccAVj8n1/GQaTfAse9yVSdl
            rSvoFXZjAiEA8hLWtdffSrKFIDqtPAZ8CSSAC2njz59VrIrN+eeWe3w=
            -----END CERTIFICATE-----
            """;
    private static final String THEIRS = """
            -----BEGIN CERTIFICATE-----
            MIIBejCCAR+gAwIBAgIULrPaJ4Hux19vL6jSgYoE1uuQMSowCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGdGhlaXJzMCAXDTI2MTIwMTA0MzYxN1oYDzIxMjYxMTA3MDQz
            NjE3WjARMQ8wDQYDVQQDDAZ0aGVpcnMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
            AATyQuH49LTOzfrCqMVAvwN9vkRxSwuCsUcDH+iD5/s6dp6YOXznxHL5fCTEQK1N
            cPb7KQA4VnfvUjkqgn7BWWmko1MwUTAdBgNVHQ4EFgQUHUg9IdfTxMySM/QLK5Ui
            YPVuf5wwHwYDVR0jBBgwFoAUHUg9IdfTxMySM/QLK5UiYPVuf5wwDwYDVR0TAQH/
            BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAspzGvHL1P0Q40gpSWR+IlaT8rDjg
            8J2vYs6zvFP39g8CIQCAi7asAL9Luf1Vcq0CC6bgWGvE+saLsUS6+pGji0pwZQ==
            -----END CERTIFICATE-----
            """;

    private final ClusterConfig config = Rehearsal.config().build();
    private final Map<Node, Map<String, String>> answers = new HashMap<>();

    /** Two certificates on each of two nodes, and a service beside them. */
    private List<StageSpec> stages() {
        List<StageSpec> stages = new ArrayList<>();
        for (String name : List.of("server", "client")) {
            StageSpec.Builder stage = StageSpec.of(Phase.TRUST, name + " certificates");
            for (Node node : nodes()) {
                stage.lane(
                        node,
                        certificate(name),
                        ServiceResource.unit("toy-" + name).build());
            }
            stages.add(stage.build());
        }
        return stages;
    }

    private List<Node> nodes() {
        return List.of(config.node("postgres-01"), config.node("postgres-02"));
    }

    private static CertificateResource certificate(String name) {
        return CertificateResource.at("/etc/toy/" + name + ".crt")
                .owner("root:root")
                .pki(new Authority())
                .request(CertificateRequest.builder().usage("toy").build())
                .build();
    }

    private void found(int node, String name, String pem) {
        answers.computeIfAbsent(nodes().get(node - 1), any -> new HashMap<>())
                .put(
                        certificate(name).id(),
                        "644 root:root 600 root:root pair\n"
                                + Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<String> message() {
        return new LostAuthority("orders", stages(), new Answers(answers))
                .problem()
                .map(problem -> {
                    assertThat(problem.code()).isEqualTo("pki.authority-lost");
                    return problem.message();
                });
    }

    @Test
    void aNewClusterHasLostNothing() {
        assertThat(message()).isEmpty();
        found(1, "server", "");
        found(2, "server", "no certificate at all");
        assertThat(message()).isEmpty();
    }

    @Test
    void aClusterOfAnotherAuthorityHas() {
        found(1, "server", THEIRS);
        found(2, "client", THEIRS);

        assertThat(message())
                .hasValueSatisfying(told -> assertThat(told)
                        .startsWith("All 2 certificates of orders come from another authority")
                        .contains("(postgres-01 /etc/toy/server.crt is one of them)"));
    }

    /** One that is the authority's own shows that it is the cluster's; the others are the plan's to replace. */
    @Test
    void oneOfItsOwnIsEnough() {
        found(1, "server", THEIRS);
        found(2, "client", OURS);
        assertThat(message()).isEmpty();

        found(1, "server", OURS);
        found(2, "client", THEIRS);
        assertThat(message()).isEmpty();
    }

    /** While an authority is replaced, two are trusted. */
    @Test
    void whateverIsTrustedIsItsOwn() {
        String both = OURS + THEIRS;
        StageSpec stage = StageSpec.of(Phase.TRUST, "certificates")
                .lane(
                        nodes().get(0),
                        CertificateResource.at("/etc/toy/server.crt")
                                .owner("root:root")
                                .pki(new Authority() {
                                    @Override
                                    public String trustedCertificates() {
                                        return both;
                                    }
                                })
                                .request(CertificateRequest.builder()
                                        .usage("toy")
                                        .build())
                                .build())
                .build();
        found(1, "server", THEIRS);

        assertThat(new LostAuthority("orders", List.of(stage), new Answers(answers)).problem())
                .isEmpty();
    }

    private static class Authority implements Pki {
        @Override
        public String trustedCertificates() {
            return OURS;
        }

        @Override
        public CertificateBundle issue(CertificateRequest request) {
            throw new AssertionError("nothing is issued here");
        }

        @Override
        public Optional<String> defect(String pem, CertificateRequest request) {
            throw new AssertionError("nothing is judged here");
        }
    }
}
