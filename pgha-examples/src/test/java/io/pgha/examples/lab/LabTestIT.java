package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@LabTest
@Tag("any-release")
@Order(0)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LabTestIT {
    private static final String LEAVE = "touch /root/was-here";
    private static final String LOOK = "ls /root";

    @Test
    @Order(1)
    void getsTheLabAsAParameter(LocalLab lab) throws InterruptedException {
        assertThat(lab.hosts()).hasSize(6);
        assertThat(lab.host("haproxy-01").exec(LOOK).text()).isEmpty();
        assertThat(lab.host("haproxy-01").exec(LEAVE).succeeded()).isTrue();
    }

    @Test
    @Order(2)
    void findsTheHostsAsTheTestBeforeLeftThem(LocalLab lab) throws InterruptedException {
        assertThat(lab.host("haproxy-01").exec(LOOK).text()).isEqualTo("was-here");
    }

    @Nested
    class InANestedClass {
        @Test
        void getsTheSameLab(LocalLab lab) throws InterruptedException {
            assertThat(lab.host("postgres-03").exec("hostname").text()).isEqualTo("postgres-03");
        }
    }
}
