package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.testing.LoginShell;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProfileTest {
    @ParameterizedTest
    @EnumSource
    void everyLoginShellKnowsWherePatronictlLooks(LoginShell shell) throws Exception {
        assertThat(shell.answers(PatroniFiles.profile(), "echo \"$PATRONICTL_CONFIG_FILE\""))
                .isEqualTo("/etc/patroni/patroni.yaml");
    }
}
