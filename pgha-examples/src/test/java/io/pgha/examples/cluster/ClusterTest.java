package io.pgha.examples.cluster;

import io.pgha.examples.lab.LabTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test class that runs on the lab's deployed cluster: it comes as a parameter of type {@link LabCluster} of constructors and
 * methods (and the lab itself as {@code LocalLab}).
 *
 * <p>All classes of a run share it. A class finds it as {@link LabCluster#config()} describes it, with an empty plan, and must
 * leave it so: otherwise the class fails, and the next one gets bare hosts deployed anew, which takes two minutes.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@LabTest(hosts = LabTest.Hosts.AS_LEFT)
@ExtendWith(ClusterExtension.class)
public @interface ClusterTest {}
