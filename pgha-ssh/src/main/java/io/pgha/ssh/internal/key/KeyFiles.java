package io.pgha.ssh.internal.key;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import com.hierynomus.sshj.userauth.keyprovider.OpenSSHKeyV1KeyFile;
import io.pgha.host.ShellQuote;
import io.pgha.secret.Secret;
import io.pgha.ssh.SshAuthenticationException;
import io.pgha.ssh.SshCredential;
import io.pgha.ssh.internal.peer.Peer;
import io.pgha.text.DurationText;
import java.io.IOException;
import java.io.StringReader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Ed25519KeyFactory;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** Reads private keys, each file once: decrypting one takes a tenth of a second on purpose. Thread-safe. */
public final class KeyFiles {
    private static final String OPENSSH_BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final Set<String> SUPPORTED =
            Set.of("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521");

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----");

    /** OpenSSH's own limit, its default for RequiredRSASize. */
    private static final int SHORTEST_RSA = 1024;

    private static final Set<ASN1ObjectIdentifier> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp521r1);

    private static final Set<ASN1ObjectIdentifier> KINDS = Set.of(
            PKCSObjectIdentifiers.rsaEncryption, X9ObjectIdentifiers.id_ecPublicKey, EdECObjectIdentifiers.id_Ed25519);

    private final Map<SshCredential.PrivateKey, KeyPair> read = new ConcurrentHashMap<>();

    /**
     * Returns the key of a file.
     *
     * @param peer whose connection needs it; for errors
     * @param credential which file
     * @return the key
     * @throws SshAuthenticationException when the file cannot be read or decrypted
     */
    public KeyPair get(Peer peer, SshCredential.PrivateKey credential) {
        return read.computeIfAbsent(credential, missing -> new Reading(peer, credential).key());
    }

    /** Returns whether this file has been read. */
    public boolean has(SshCredential.PrivateKey credential) {
        return read.containsKey(credential);
    }

    /** Reports a file that was not read within a limit; it goes on being read. */
    public static SshAuthenticationException slow(Peer peer, SshCredential.PrivateKey credential, Duration limit) {
        return new Reading(peer, credential).slow(limit);
    }

    /** Returns the fingerprint of a key, as {@code ssh-keygen -l} prints it. */
    public static String describe(KeyPair key) {
        return KnownHosts.describe(
                new Buffer.PlainBuffer().putPublicKey(key.getPublic()).getCompactData());
    }

    /** One attempt to read one file. */
    private record Reading(Peer peer, SshCredential.PrivateKey credential) {

        KeyPair key() {
            String text = text();
            String header = text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElse("");
            if (!text.contains("-----BEGIN ") || !text.contains("PRIVATE KEY-----")) {
                throw notAKey(header);
            }
            // Not in what stands around it: a comment may hold any word.
            String block = block(text);
            boolean encrypted = block.startsWith("-----BEGIN ENCRYPTED") || block.contains("4,ENCRYPTED");
            if (encrypted && credential.passphrase().isEmpty()) {
                throw passphraseRequired();
            }
            try {
                return sound(block.startsWith(OPENSSH_BEGIN) ? openSsh(block) : keyPair(opened(text)));
            } catch (WrongPassphrase e) {
                throw passphraseWrong(e);
            } catch (SshAuthenticationException e) {
                throw e;
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                throw unreadable("is damaged or of a kind that is not supported: " + e, e);
            }
        }

        /**
         * Returns the part of the file that is the private key, to the end of the file where its last line is missing.
         */
        private static String block(String text) {
            Matcher begin = BEGIN.matcher(text);
            if (!begin.find()) {
                return text;
            }
            int end = text.indexOf("-----END ", begin.end());
            int lineEnd = end < 0 ? -1 : text.indexOf('\n', end);
            return text.substring(begin.start(), lineEnd < 0 ? text.length() : lineEnd + 1);
        }

        /**
         * Refuses a key that no server takes: a short one, and one whose halves do not belong together, as after
         * damage.
         */
        private KeyPair sound(KeyPair key) throws GeneralSecurityException {
            if (key.getPublic() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA) {
                throw failure(
                        "ssh.key-unsupported",
                        "the private key " + file() + " is an RSA key of "
                                + rsa.getModulus().bitLength() + " bits, which is too short: servers take "
                                + SHORTEST_RSA + " at least",
                        makeAnother(),
                        null);
            }
            Signature signature = Signature.getInstance(
                    switch (key.getPublic().getAlgorithm()) {
                        case "RSA" -> "SHA512withRSA";
                        case "EC", "ECDSA" -> "SHA256withECDSA";
                        default -> "Ed25519";
                    });
            byte[] anything = {1, 2, 3};
            signature.initSign(key.getPrivate());
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(key.getPublic());
            signature.update(anything);
            if (!signature.verify(signed)) {
                throw unreadable("is damaged: its private part does not belong to its public one", null);
            }
            return key;
        }

        private String text() {
            // The start of a pipe or a device would be waited for, maybe for ever.
            if (Files.exists(file()) && !Files.isRegularFile(file())) {
                throw failure(
                        "ssh.key-unreadable",
                        "the private key " + file() + " is not a regular file",
                        "name the file itself, and put what comes from a pipe into one that only you may read: ls -ld "
                                + argument(""),
                        null);
            }
            try {
                return decoded(Files.readAllBytes(file()));
            } catch (NoSuchFileException e) {
                throw failure(
                        "ssh.key-unreadable",
                        "the private key " + file() + " does not exist"
                                + (file().isAbsolute()
                                        ? ""
                                        : " in " + Path.of("").toAbsolutePath()),
                        "correct the path; or make the key and let it in: ssh-keygen -t ed25519 -f " + argument("")
                                + " && ssh-copy-id -i " + argument(".pub") + " " + peer.copyIdArguments(),
                        e);
            } catch (IOException e) {
                throw unreadable("cannot be read: " + e, e);
            }
        }

        /** Editors of Windows put a mark first that tells the encoding; else only comments are not ASCII. */
        private static String decoded(byte[] content) {
            String start = HexFormat.of().formatHex(content, 0, Math.min(3, content.length));
            if (start.startsWith("fffe") || start.startsWith("feff")) {
                return new String(content, StandardCharsets.UTF_16);
            }
            int mark = start.equals("efbbbf") ? 3 : 0;
            return new String(content, mark, content.length - mark, StandardCharsets.ISO_8859_1);
        }

        private KeyPair openSsh(String text) throws IOException {
            Header header = header(text);
            String type = header.type();
            if (type.isEmpty()) {
                throw new IOException("it is cut off");
            }
            if (!SUPPORTED.contains(type)) {
                throw kindNotSupported("the kind " + type, null);
            }
            JvmProviders.prepare();
            if (type.startsWith("ecdsa-")) {
                JvmProviders.needBouncyCastle();
            }
            OpenSSHKeyV1KeyFile key = new OpenSSHKeyV1KeyFile();
            key.init(
                    new StringReader(text),
                    credential.passphrase().map(Reading::finder).orElse(null));
            try {
                return new KeyPair(key.getPublic(), key.getPrivate());
            } catch (KeyDecryptionFailedException e) {
                // sshj says so of all that is not what it should be, encrypted or not.
                if (header.cipher().equals("none")) {
                    throw unreadable("is damaged: its check numbers differ", e);
                }
                throw credential.passphrase().isEmpty() ? passphraseRequired() : passphraseWrong(e);
            }
        }

        /** What is plain in OpenSSH's format, whether the key is encrypted or not. */
        private record Header(String cipher, String type) {}

        private static Header header(String text) throws IOException {
            int start = text.indexOf(OPENSSH_BEGIN) + OPENSSH_BEGIN.length();
            int end = text.indexOf("-----END", start);
            try {
                ByteBuffer content =
                        ByteBuffer.wrap(Base64.getMimeDecoder().decode(text.substring(start, Math.max(start, end))));
                content.position("openssh-key-v1\0".length());
                String cipher =
                        KnownHosts.type(Arrays.copyOfRange(content.array(), content.position(), content.limit()));
                for (String skipped : List.of("cipher", "way from passphrase to key", "its options")) {
                    int length = content.getInt();
                    if (length < 0 || length > content.remaining()) {
                        throw new IOException("it has no " + skipped);
                    }
                    content.position(content.position() + length);
                }
                content.getInt(); // how many keys: always one
                byte[] blob = new byte[Math.min(content.getInt(), content.remaining())];
                content.get(blob);
                return new Header(cipher, KnownHosts.type(blob));
            } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
                throw new IOException("it is cut off", e);
            }
        }

        private static PasswordFinder finder(Secret passphrase) {
            return new PasswordFinder() {
                @Override
                public char[] reqPassword(@Nullable Resource<?> resource) {
                    return passphrase.reveal().toCharArray();
                }

                @Override
                public boolean shouldRetry(@Nullable Resource<?> resource) {
                    return false;
                }
            };
        }

        /**
         * Reports what came of decrypting: these formats have no checksum, a wrong passphrase shows as nonsense inside.
         */
        private static final class WrongPassphrase extends Exception {
            private static final long serialVersionUID = 1L;

            WrongPassphrase(Exception cause) {
                super(cause);
            }
        }

        /** Returns what is in a PEM file, decrypted. */
        private PrivateKeyInfo opened(String text) throws IOException, WrongPassphrase {
            try (PEMParser parser = new PEMParser(new StringReader(text))) {
                Object pem = parser.readObject();
                while (pem != null) {
                    Optional<PrivateKeyInfo> info = decrypted(pem);
                    if (info.isPresent()) {
                        return info.get();
                    }
                    // A file with "EC PARAMETERS" before the key, as openssl writes it.
                    pem = parser.readObject();
                }
                throw new IOException("there is no private key in it");
            }
        }

        private Optional<PrivateKeyInfo> decrypted(Object pem) throws IOException, WrongPassphrase {
            boolean encrypted = pem instanceof PEMEncryptedKeyPair || pem instanceof PKCS8EncryptedPrivateKeyInfo;
            try {
                return info(pem);
            } catch (IOException | OperatorCreationException | PKCSException | RuntimeException e) {
                if (encrypted) {
                    throw new WrongPassphrase(e);
                }
                throw new IOException(e);
            }
        }

        private Optional<PrivateKeyInfo> info(Object pem) throws IOException, OperatorCreationException, PKCSException {
            char[] passphrase =
                    credential.passphrase().map(Secret::reveal).orElse("").toCharArray();
            if (pem instanceof PEMKeyPair pair) {
                return Optional.of(pair.getPrivateKeyInfo());
            }
            if (pem instanceof PrivateKeyInfo info) {
                return Optional.of(info);
            }
            if (pem instanceof PEMEncryptedKeyPair pair) {
                return Optional.of(pair.decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                                .setProvider(new BouncyCastleProvider())
                                .build(passphrase))
                        .getPrivateKeyInfo());
            }
            if (pem instanceof PKCS8EncryptedPrivateKeyInfo info) {
                return Optional.of(info.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(new BouncyCastleProvider())
                        .build(passphrase)));
            }
            return Optional.empty();
        }

        /** Derives the public half: not every format carries it. */
        private KeyPair keyPair(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
            AsymmetricKeyParameter key;
            ASN1ObjectIdentifier kind = info.getPrivateKeyAlgorithm().getAlgorithm();
            if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)
                    && info.getPrivateKeyAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve
                    && !CURVES.contains(curve)) {
                String name = ECNamedCurveTable.getName(curve);
                throw name == null
                        ? unreadable("is damaged or of a curve that is unknown: " + curve.getId(), null)
                        : kindNotSupported("ECDSA with the curve " + name, null);
            }
            try {
                key = PrivateKeyFactory.createKey(info);
            } catch (IOException | RuntimeException e) {
                if (KINDS.contains(kind)) {
                    throw unreadable("is damaged: " + e.getMessage(), e);
                }
                throw kindNotSupported("a kind that is unknown", e);
            }
            if (key instanceof Ed25519PrivateKeyParameters ed25519) {
                return new KeyPair(
                        Ed25519KeyFactory.getPublicKey(
                                ed25519.generatePublicKey().getEncoded()),
                        Ed25519KeyFactory.getPrivateKey(ed25519.getEncoded()));
            }
            if (key instanceof RSAPrivateCrtKeyParameters rsa) {
                return keyPair("RSA", info, new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent()));
            }
            if (key instanceof ECPrivateKeyParameters ec) {
                ECPoint derived = ec.getParameters().getG().multiply(ec.getD()).normalize();
                if (!isDerived(info, derived)) {
                    throw unreadable("is damaged: its private part does not belong to its public one", null);
                }
                return keyPair("EC", info, new ECPublicKeyParameters(derived, ec.getParameters()));
            }
            throw kindNotSupported("a kind other than these", null);
        }

        /** Returns whether the public half that the key may carry is the one that belongs to it. */
        private static boolean isDerived(PrivateKeyInfo info, ECPoint derived) throws IOException {
            ASN1BitString carried =
                    ECPrivateKey.getInstance(info.parsePrivateKey()).getPublicKey();
            return carried == null
                    || Arrays.equals(carried.getOctets(), derived.getEncoded(false))
                    || Arrays.equals(carried.getOctets(), derived.getEncoded(true));
        }

        private static KeyPair keyPair(String algorithm, PrivateKeyInfo info, AsymmetricKeyParameter publicKey)
                throws IOException, GeneralSecurityException {
            SubjectPublicKeyInfo publicInfo = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey);
            KeyFactory factory = KeyFactory.getInstance(algorithm);
            PublicKey half = factory.generatePublic(new X509EncodedKeySpec(publicInfo.getEncoded()));
            PrivateKey other = factory.generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            return new KeyPair(half, other);
        }

        private Path file() {
            return credential.file();
        }

        /** Returns the file's name, or that of one beside it: no remedy tells to write to the file itself. */
        private String argument(String suffix) {
            return ShellQuote.quote(file() + suffix);
        }

        private SshAuthenticationException notAKey(String header) {
            if (header.startsWith("PuTTY-User-Key-File")) {
                return failure(
                        "ssh.key-unreadable",
                        "the private key " + file() + " is in PuTTY's format",
                        "convert it: puttygen " + argument("") + " -O private-openssh-new -o " + argument(".openssh"),
                        null);
            }
            if (header.contains("-cert-v01@openssh.com ") || header.contains("BEGIN CERTIFICATE")) {
                return failure(
                        "ssh.key-unreadable",
                        "the file " + file() + " is a certificate, which is not supported",
                        "name the private key; it usually has the same name without -cert.pub.",
                        null);
            }
            if (header.matches("(ssh|ecdsa|sk-ssh|sk-ecdsa)-.*")
                    || header.contains("PUBLIC KEY-----")
                    || header.contains("SSH2 PUBLIC KEY")) {
                return failure(
                        "ssh.key-unreadable",
                        "the file " + file() + " is a public key",
                        "name the private one; it usually has the same name without .pub.",
                        null);
            }
            return unreadable(
                    header.isEmpty() ? "is empty" : "is not a private key in OpenSSH's, PEM or PKCS#8 format", null);
        }

        private SshAuthenticationException kindNotSupported(String kind, @Nullable Throwable cause) {
            return failure(
                    "ssh.key-unsupported",
                    "the private key " + file() + " is of " + kind + "; supported are Ed25519, ECDSA"
                            + " (nistp256, nistp384, nistp521) and RSA",
                    makeAnother(),
                    cause);
        }

        private String makeAnother() {
            return "make a new one beside it and let it in: ssh-keygen -t ed25519 -f " + argument("-ed25519")
                    + " && ssh-copy-id -i " + argument("-ed25519.pub") + " " + peer.copyIdArguments();
        }

        private SshAuthenticationException unreadable(String why, @Nullable Throwable cause) {
            return failure(
                    "ssh.key-unreadable",
                    "the private key " + file() + " " + why,
                    "check the path and that the file is yours to read and whole: ls -l " + argument("")
                            + " && ssh-keygen -y -f " + argument("")
                            + " ; or make a new one beside it: ssh-keygen -t ed25519 -f " + argument("-ed25519"),
                    cause);
        }

        SshAuthenticationException slow(Duration limit) {
            return failure(
                    "ssh.key-unreadable",
                    "the private key " + file() + " was not read and decrypted within " + DurationText.of(limit),
                    "look how long it takes by hand: time ssh-keygen -y -f " + argument("")
                            + " ; a file system that hangs must be mounted anew; a key with very many rounds (ssh-keygen -a)"
                            + " needs a longer connectTimeout(Duration), or fewer rounds: ssh-keygen -p -a 16 -f "
                            + argument(""),
                    null);
        }

        private SshAuthenticationException passphraseRequired() {
            return failure(
                    "ssh.key-passphrase-required",
                    "the private key " + file() + " is encrypted and no passphrase is given",
                    "give it: privateKey(Path.of(\"" + file() + "\"), Secret.of(…)).",
                    null);
        }

        private SshAuthenticationException passphraseWrong(Throwable cause) {
            return failure(
                    "ssh.key-passphrase-wrong",
                    "the passphrase does not open the private key " + file(),
                    "try it by hand: ssh-keygen -y -f " + argument(""),
                    cause);
        }

        private SshAuthenticationException failure(
                String code, String message, String remedy, @Nullable Throwable cause) {
            return new SshAuthenticationException(peer.problem(code, message, remedy), cause);
        }
    }
}
