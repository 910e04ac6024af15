package io.pgha.ssh.internal.key;

import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.KeyedAuthMethod;

/** Logs in with a key, signing at once: asking first whether the server would take the key costs a round trip. */
public final class SignedKeyAuth extends KeyedAuthMethod {
    public SignedKeyAuth(KeyProvider key) {
        super("publickey", key);
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
        return putSig(putPubKey(super.buildReq().putBoolean(true)));
    }
}
