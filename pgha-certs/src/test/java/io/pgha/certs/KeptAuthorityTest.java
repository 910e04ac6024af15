package io.pgha.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.certs.internal.authority.Authority;
import io.pgha.certs.internal.cluster.CertificateViews;
import io.pgha.certs.internal.cluster.Steps;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.model.InvalidConfigException;
import io.pgha.port.CertificateBundle;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeptAuthorityTest {
    private static final CertificateBundle OLD =
            CertificateAuthority.create(ca -> ca.cluster("orders")).bundle();
    private static final CertificateBundle NEW =
            CertificateAuthority.create(ca -> ca.cluster("orders")).bundle();

    @Test
    void what_is_trusted_changes_only_where_daemons_must_notice() {
        KeptAuthority trusting = Steps.trust(KeptAuthority.of(OLD), NEW);
        KeptAuthority issuing = Steps.issue(trusting);
        KeptAuthority dropping = Steps.drop(issuing);
        assertThat(KeptAuthority.of(OLD).trustedCertificates()).isEqualTo(OLD.certificate());
        assertThat(trusting.trustedCertificates()).isEqualTo(OLD.certificate() + NEW.certificate());
        assertThat(issuing.trustedCertificates()).isEqualTo(trusting.trustedCertificates());
        assertThat(dropping.trustedCertificates()).isEqualTo(NEW.certificate());
        assertThat(Steps.settle(dropping).trustedCertificates()).isEqualTo(NEW.certificate());
    }

    @Test
    void a_root_that_both_have_is_trusted_once() {
        String root = CertificateAuthority.create(ca -> ca.cluster("root")).trustedCertificates();
        CertificateBundle one = new CertificateBundle(OLD.certificate() + root, OLD.privateKey());
        CertificateBundle other = new CertificateBundle(NEW.certificate() + root, NEW.privateKey());
        assertThat(Steps.trust(KeptAuthority.of(one), other).trustedCertificates())
                .isEqualTo(OLD.certificate() + root + NEW.certificate());
    }

    @Test
    void leaves_tell_their_generation_and_older_ones_are_replaced() {
        KeptAuthority second = Steps.renew(KeptAuthority.of(OLD));
        assertThat(second.generation()).isEqualTo(2);
        Authority now = Authority.open(second.authority(), second.generation(), Clock.systemUTC());
        CertificateAuthority before = CertificateAuthority.open(OLD.certificate(), OLD.privateKey());
        var pki = Requests.config().pki();
        String former = before.issue(Requests.server(), Duration.ofDays(365)).certificate();
        String leaf = now.issue(Requests.server(), Duration.ofDays(365)).certificate();
        assertThat(now.defect(former, Requests.server(), pki)).contains("is of generation 1, should be of 2");
        assertThat(now.defect(leaf, Requests.server(), pki)).isEmpty();
        assertThat(CertificateViews.of(Certificates.all(leaf).get(0)).serial()).startsWith("02");
        assertThat(Certificates.all(leaf).get(0).getSerialNumber().toByteArray())
                .hasSizeLessThanOrEqualTo(20);
    }

    @Test
    void a_state_that_no_rotation_passes_through_is_refused() {
        for (CaRotation rotation : CaRotation.values()) {
            if (rotation != CaRotation.SETTLED) {
                assertThatThrownBy(() -> KeptAuthority.builder()
                                .authority(OLD)
                                .rotation(rotation)
                                .build())
                        .isInstanceOf(InvalidConfigException.class);
            }
        }
        assertThatThrownBy(() ->
                        KeptAuthority.builder().authority(OLD).successor(NEW).build())
                .isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() ->
                        KeptAuthority.builder().authority(OLD).generation(0).build())
                .isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void the_text_form_hides_the_keys() {
        String text = Steps.trust(KeptAuthority.of(OLD), NEW).toString();
        assertThat(text).contains("****").doesNotContain("PRIVATE");
    }
}
