package io.pgha.examples.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test class that runs on the six default hosts of a {@link LocalLab}. The lab comes as a parameter of type
 * {@link LocalLab} of constructors and methods.
 *
 * <p>All classes of a JVM share one lab and one release: {@code -Dpgha.lab.release}, or trixie. The lab's number is
 * that of the release, so that the build can run the classes in one JVM for each release, both at once. Where there is
 * no root, or no Debian, the class is skipped with a printed reason. {@code -Dpgha.lab=required} makes that a failure,
 * and {@code -Dpgha.lab=off} skips always.
 *
 * <p>The build runs a class on both releases, or on one of them, {@code @Tag("trixie-only")} or
 * {@code @Tag("bookworm-only")}, unless {@code -Dpgha.lab=full} or {@code -Dit.test} asks for it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(LabExtension.class)
public @interface LabTest {

    /** What the class finds. */
    Hosts hosts() default Hosts.BARE;

    /** Says what state the hosts are in when a class starts. */
    enum Hosts {
        /** As freshly installed: a lab that is up is reset, which takes about ten seconds. */
        BARE,
        /** As the class before left them; bare in the first class. */
        AS_LEFT,
        /** No lab is up: the class starts its own. */
        NONE
    }
}
