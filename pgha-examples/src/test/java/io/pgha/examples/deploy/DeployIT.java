package io.pgha.examples.deploy;

import io.pgha.examples.lab.LabTest;
import io.pgha.examples.lab.Release;
import org.junit.jupiter.api.Nested;

/** The whole way, on six real hosts of each Debian release. */
class DeployIT {

    @Nested
    @LabTest(release = Release.BOOKWORM)
    class OnBookworm extends DeployScenario {}

    @Nested
    @LabTest(release = Release.TRIXIE)
    class OnTrixie extends DeployScenario {}
}
