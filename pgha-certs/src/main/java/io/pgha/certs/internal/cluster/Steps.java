package io.pgha.certs.internal.cluster;

import io.pgha.certs.CaRotation;
import io.pgha.certs.KeptAuthority;
import io.pgha.port.CertificateBundle;

/** The ways from one state of what is kept to the next. Stateless. */
public final class Steps {
    private Steps() {}

    /** All leaves are replaced by new ones of the same authority. */
    public static KeptAuthority renew(KeptAuthority kept) {
        return KeptAuthority.builder()
                .from(kept)
                .generation(kept.generation() + 1)
                .build();
    }

    public static KeptAuthority trust(KeptAuthority kept, CertificateBundle successor) {
        return KeptAuthority.builder()
                .from(kept)
                .rotation(CaRotation.TRUSTING)
                .successor(successor)
                .build();
    }

    public static KeptAuthority issue(KeptAuthority kept) {
        return KeptAuthority.builder()
                .authority(kept.successor().orElseThrow())
                .generation(kept.generation() + 1)
                .rotation(CaRotation.ISSUING)
                .predecessor(kept.authority())
                .build();
    }

    public static KeptAuthority drop(KeptAuthority kept) {
        return KeptAuthority.builder().from(kept).rotation(CaRotation.DROPPING).build();
    }

    public static KeptAuthority settle(KeptAuthority kept) {
        return KeptAuthority.builder()
                .authority(kept.authority())
                .generation(kept.generation())
                .build();
    }
}
