package io.pgha.internal;

import io.pgha.NullArgumentException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.annotation.processing.Generated;
import org.immutables.value.Value;

/**
 * How Immutables writes the values of the core. Kept in sources only, so that nobody who compiles against the library
 * needs Immutables.
 */
@Value.Style(
        visibility = Value.Style.ImplementationVisibility.PACKAGE,
        builderVisibility = Value.Style.BuilderVisibility.PACKAGE,
        overshadowImplementation = true,
        jdkOnly = true,
        allowedClasspathAnnotations = Generated.class, // Immutables' own would stay in the class files
        depluralize = true,
        depluralizeDictionary = {"address:addresses"},
        add = "*",
        put = "*",
        redactedMask = "****",
        throwForNullPointer = NullArgumentException.class)
@Target({ElementType.PACKAGE, ElementType.TYPE})
@Retention(RetentionPolicy.SOURCE)
public @interface HouseStyle {}
