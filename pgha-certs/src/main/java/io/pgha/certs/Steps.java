package io.pgha.certs;

import io.pgha.port.CertificateBundle;

/** The ways from one state of what is kept to the next. Stateless. */
final class Steps {
    private Steps() {}

    /** All leaves are replaced by new ones of the same authority. */
    static KeptAuthority renew(KeptAuthority kept) {
        return KeptAuthority.builder()
                .from(kept)
                .generation(kept.generation() + 1)
                .build();
    }

    static KeptAuthority trust(KeptAuthority kept, CertificateBundle successor) {
        return KeptAuthority.builder()
                .from(kept)
                .rotation(CaRotation.TRUSTING)
                .successor(successor)
                .build();
    }

    static KeptAuthority issue(KeptAuthority kept) {
        return KeptAuthority.builder()
                .authority(kept.successor().orElseThrow())
                .generation(kept.generation() + 1)
                .rotation(CaRotation.ISSUING)
                .predecessor(kept.authority())
                .build();
    }

    static KeptAuthority drop(KeptAuthority kept) {
        return KeptAuthority.builder().from(kept).rotation(CaRotation.DROPPING).build();
    }

    static KeptAuthority settle(KeptAuthority kept) {
        return KeptAuthority.builder()
                .authority(kept.authority())
                .generation(kept.generation())
                .build();
    }
}
