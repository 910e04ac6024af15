package io.pgha.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A labelled block of a PEM text (RFC 7468), for example a certificate or a key. Immutable and thread-safe; no I/O;
 * {@code toString} shows the label only.
 */
public final class Pem {
    /** The label of a certificate. */
    public static final String CERTIFICATE = "CERTIFICATE";

    /** The label of a PKCS#8 key that is not encrypted. */
    public static final String PRIVATE_KEY = "PRIVATE KEY";

    /** The label of a PKCS#8 key that is encrypted. */
    public static final String ENCRYPTED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile("\\s*([A-Za-z0-9-]+):\\s*([^\\r\\n]*)\\r?\\n");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final String label;
    private final Map<String, String> headers;
    private final byte[] der;

    private Pem(String label, Map<String, String> headers, byte[] der) {
        this.label = label;
        this.headers = headers;
        this.der = der;
    }

    /**
     * Returns the blocks of a text in order. Text around them is skipped, as every reader of PEM does.
     *
     * @param text the text
     * @return the blocks, none where there is no whole one
     * @throws IllegalArgumentException when the content of a block is not base64; the message does not quote it
     */
    public static List<Pem> read(String text) {
        List<Pem> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(block(matcher.group(1), matcher.group(2)));
        }
        return List.copyOf(blocks);
    }

    private static Pem block(String label, String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        Matcher header = HEADER.matcher(body);
        int start = 0;
        while (header.region(start, body.length()).lookingAt()) {
            headers.put(header.group(1), header.group(2).strip());
            start = header.end();
        }
        try {
            byte[] der = Base64.getDecoder().decode(body.substring(start).replaceAll("\\s", ""));
            return new Pem(label, Map.copyOf(headers), der);
        } catch (IllegalArgumentException e) {
            // The cause would quote it, and it may be a key.
            throw new IllegalArgumentException("what stands under " + label + " is not base64");
        }
    }

    /**
     * Returns the first block with a label.
     *
     * @param text the text
     * @param label what is looked for
     * @return the block; empty where there is none, or one of the text cannot be read
     */
    public static Optional<Pem> first(String text, String label) {
        try {
            return read(text).stream()
                    .filter(block -> block.label.equals(label))
                    .findFirst();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Returns the certificates of a text in order.
     *
     * @param text PEM; blocks of other kinds are skipped
     * @return the certificates, at least one
     * @throws CertificateException when there is none, or one cannot be read
     */
    public static List<X509Certificate> certificates(String text) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Pem block : read(text)) {
                if (block.label.equals(CERTIFICATE)) {
                    certificates.add(certificate(factory, block.der));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new CertificateException(e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("there is no certificate in the text");
        }
        return List.copyOf(certificates);
    }

    /** Java overlooks what follows a certificate; Go, and so etcd, does not. */
    private static X509Certificate certificate(CertificateFactory factory, byte[] der) throws CertificateException {
        X509Certificate certificate = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
        if (certificate.getEncoded().length != der.length) {
            throw new CertificateException("something follows a certificate within its block");
        }
        return certificate;
    }

    /**
     * Writes a block.
     *
     * @param label what it is
     * @param der its content
     * @return the text, lines of 64 characters, with a newline at the end
     */
    public static String write(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + new String(LINES.encode(der), StandardCharsets.US_ASCII)
                + "\n-----END " + label + "-----\n";
    }

    /**
     * Returns what it is.
     *
     * @return the label, for example {@link #CERTIFICATE}
     */
    public String label() {
        return label;
    }

    /**
     * Returns what stands above the content, as OpenSSL's traditional form has it: {@code DEK-Info} says how a key is
     * encrypted.
     *
     * @return the headers; mostly none
     */
    public Map<String, String> headers() {
        return headers;
    }

    /**
     * Returns the content.
     *
     * @return a copy of the bytes
     */
    public byte[] der() {
        return Arrays.copyOf(der, der.length);
    }

    @Override
    public String toString() {
        return label;
    }
}
