package io.pgha.examples.cluster;

import io.pgha.examples.lab.LabTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test class that runs on the lab's deployed cluster: it comes as a parameter of type {@link LabCluster} of
 * constructors and methods (and the lab itself as {@code LocalLab}).
 *
 * <p>Each class begins from a cluster of its own, which is in service and has an empty plan, as
 * {@link LabCluster#config()} describes it. What a class has handed over ({@link Handover}), or else what the first one
 * deploys on bare hosts, is frozen, and each class thaws it, hosts and the operator's state. A class must leave an
 * empty plan, because what pgha does and undoes must come out even; one that does not fails, and no other.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@LabTest(hosts = LabTest.Hosts.AS_LEFT)
@ExtendWith(ClusterExtension.class)
public @interface ClusterTest {}
