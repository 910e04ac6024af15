package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.Cluster;
import io.pgha.Problem;
import io.pgha.model.Node;
import io.pgha.secret.SecretStore;
import io.pgha.testing.Rehearsal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InMemoryTransportTest extends TransportContract {
    @Override
    protected Transport newTransport() {
        return InMemoryTransport.of("trixie");
    }

    @Override
    protected Node node() {
        return Node.builder().name("pg1").address("10.0.0.1").build();
    }

    private HostFacts facts(String release) throws InterruptedException {
        try (Transport transport = InMemoryTransport.of(release)) {
            return HostFacts.read(transport.connect(node()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bookworm,debian,Debian GNU/Linux 12 (bookworm)",
        "sid,debian,Debian GNU/Linux sid",
        "noble,ubuntu,Ubuntu 24.04 LTS",
        "jammy,ubuntu,Ubuntu 22.04 LTS",
        "focal,ubuntu,Ubuntu 20.04 LTS",
        "questing,ubuntu,Ubuntu 25.10"
    })
    void aMachineIsWhatItsReleaseIs(String release, String distribution, String fullName) throws InterruptedException {
        assertThat(facts(release))
                .extracting(HostFacts::release, HostFacts::distribution, HostFacts::osName)
                .containsExactly(release, distribution, fullName);
    }

    @ParameterizedTest
    @CsvSource({"jammy", "noble", "bookworm", "trixie"})
    void aReleaseThatIsLetThroughIsPlannedFor(String release) throws InterruptedException {
        assertThat(rehearsal(release).plan().isEmpty()).isFalse();
        assertThat(rehearsal(release).render(release).toString()).isNotEmpty();
    }

    @Test
    void aReleaseThatIsNotLetThroughIsCalledByItsName() throws InterruptedException {
        assertThat(rehearsal("focal").check())
                .isNotEmpty()
                .extracting(Problem::message)
                .allMatch(message -> message.contains("runs Ubuntu 20.04 LTS, which pgha does not know"));
    }

    @Test
    void aReleaseThatNobodyKnowsIsRefusedWithThoseThatAre() {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> InMemoryTransport.of("tirxie"))
                .withMessageContaining("tirxie")
                .withMessageContaining("bookworm, trixie")
                .withMessageContaining("noble");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> rehearsal("trixie").render("24.04"));
    }

    private static Cluster rehearsal(String release) {
        return Rehearsal.pgha(InMemoryTransport.of(release), SecretStore.memory(), List.of())
                .cluster(Rehearsal.config().build());
    }
}
