package io.pgha.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.pgha.PgHa;
import io.pgha.certs.internal.authority.Failure;
import io.pgha.certs.internal.cluster.Steps;
import io.pgha.host.InMemoryTransport;
import io.pgha.model.ClusterConfig;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.port.CertificateBundle;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertsComponentTest {
    private static final KeptAuthority KEPT = KeptAuthority.of(
            CertificateAuthority.create(ca -> ca.cluster("orders")).bundle());

    @TempDir
    Path directory;

    @Test
    void what_it_issues_it_finds_good_also_after_a_restart() {
        CertificateBundle leaf =
                pki(Certs.component(store()), Requests.config()).issue(Requests.server());
        Pki restarted = pki(Certs.component(store()), Requests.config());
        assertThat(restarted.defect(leaf.certificate(), Requests.server())).isEmpty();
        assertThat(restarted.trustedCertificates())
                .isEqualTo(Certs.authority(store(), Requests.config()).trustedCertificates());
    }

    @Test
    void it_has_a_name_and_no_stages() {
        Component component = Certs.component(CaStore.memory());
        assertThat(component.name()).isEqualTo("certificates");
        assertThat(component.preflight(mock())).isEmpty();
        assertThat(component.stages(mock())).isEmpty();
    }

    @Test
    void the_store_is_not_asked_before_it_is_needed_and_once_for_all_that_is_judged() {
        CaStore store = mock();
        when(store.read("orders")).thenReturn(Optional.of(KEPT));
        Pki pki = pki(Certs.component(store), Requests.config());
        verifyNoInteractions(store);
        assertThat(pki.trustedCertificates()).isEqualTo(KEPT.trustedCertificates());
        assertThat(pki.defect("", Requests.server())).isPresent();
        verify(store, times(1)).read("orders");
        verify(store, times(0)).keep(any(), any());
    }

    @Test
    void nothing_is_issued_from_what_another_process_has_replaced() {
        CaStore store = CaStore.memory();
        store.keep("orders", KEPT);
        Pki planned = pki(Certs.component(store), Requests.config());
        planned.issue(Requests.server());
        store.replace("orders", KEPT, Steps.renew(KEPT));
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> planned.issue(Requests.server()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.store-changed"));
        pki(Certs.component(store), Requests.config()).issue(Requests.server());
    }

    @Test
    void a_store_that_failed_is_asked_again() {
        CaStore store = mock();
        when(store.read("orders"))
                .thenThrow(Failure.of("pki.store-unreadable", "The vault is sealed", "Unseal it."))
                .thenReturn(Optional.of(KEPT));
        Pki pki = pki(Certs.component(store), Requests.config());
        assertThatExceptionOfType(PkiException.class).isThrownBy(pki::trustedCertificates);
        assertThat(pki.trustedCertificates()).isEqualTo(KEPT.trustedCertificates());
        verify(store, times(0)).keep(any(), any());
    }

    @Test
    void whoever_kept_first_is_believed() {
        CaStore store = mock();
        when(store.read("orders")).thenReturn(Optional.empty());
        when(store.keep(any(), any())).thenReturn(KEPT);
        assertThat(pki(Certs.component(store), Requests.config()).trustedCertificates())
                .isEqualTo(KEPT.trustedCertificates());
    }

    @Test
    void clusters_have_authorities_of_their_own() {
        Component component = Certs.component(CaStore.memory());
        Pki orders = pki(component, Requests.config());
        Pki invoices = pki(
                component,
                ClusterConfig.builder().from(Requests.config()).name("invoices").build());
        assertThat(invoices.defect(orders.issue(Requests.server()).certificate(), Requests.server()))
                .contains("was not issued by this authority");
    }

    @Test
    void another_kind_of_key_replaces_leaves_and_keeps_the_authority() {
        Component component = Certs.component(CaStore.memory());
        Pki before = pki(component, Requests.config());
        CertificateBundle leaf = before.issue(Requests.server());
        Pki after = pki(component, Requests.config(pki -> pki.keyAlgorithm(KeyAlgorithm.EC_P384)));
        assertThat(after.trustedCertificates()).isEqualTo(before.trustedCertificates());
        assertThat(after.defect(leaf.certificate(), Requests.server())).contains("key is EC P-256, should be EC P-384");
        assertThat(after.defect(after.issue(Requests.server()).certificate(), Requests.server()))
                .isEmpty();
    }

    @Test
    void a_new_authority_is_as_configured() {
        CertificateAuthority authority = Certs.authority(
                CaStore.memory(),
                Requests.config(
                        pki -> pki.keyAlgorithm(KeyAlgorithm.EC_P384).authorityValidity(Duration.ofDays(1000))));
        assertThat(authority.toString()).startsWith("CN=pgha orders CA, EC P-384");
        assertThat(authority.notAfter())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(999)), Instant.now().plus(Duration.ofDays(1000)));
    }

    /** A new one each time, as in a new process. */
    private CaStore store() {
        return new DirectoryCaStore(directory.resolve("pki"), Secret.of("passphrase"), DirectoryCaStoreTest.FEW);
    }

    private static Pki pki(Component component, ClusterConfig config) {
        return PgHa.builder()
                .transport(InMemoryTransport.of("trixie"))
                .secrets(SecretStore.memory())
                .install(component)
                .build()
                .cluster(config)
                .pki()
                .orElseThrow();
    }
}
