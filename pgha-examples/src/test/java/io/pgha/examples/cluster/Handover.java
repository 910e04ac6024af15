package io.pgha.examples.cluster;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Lets a class that has deployed the cluster itself, as {@link LabCluster} describes it, spare the others a deploy: the
 * classes behind it begin from what it hands over. It comes as a parameter of test methods of classes with
 * {@code @ExtendWith(Handover.Extension.class)}.
 */
public final class Handover {
    private final ExtensionContext.Store store;

    private Handover(ExtensionContext.Store store) {
        this.store = store;
    }

    /** Freezes a cluster with an empty plan. Its hosts are off afterwards, so this is the last that a class does. */
    public void freeze(LabCluster cluster) throws InterruptedException {
        store.put(FrozenCluster.class, FrozenCluster.freeze(cluster));
    }

    /** Gives it to test methods. */
    public static final class Extension implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Handover.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return new Handover(context.getRoot().getStore(ClusterExtension.NAMESPACE));
        }
    }
}
