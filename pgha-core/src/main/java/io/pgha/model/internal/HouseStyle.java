package io.pgha.model.internal;

import io.pgha.NullArgumentException;
import io.pgha.model.InvalidConfigException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.annotation.processing.Generated;
import org.immutables.value.Value;

/**
 * How Immutables writes the values of the model. Kept in sources only, so that nobody who compiles against the library
 * needs Immutables.
 */
@Value.Style(
        visibility = Value.Style.ImplementationVisibility.PACKAGE,
        builderVisibility = Value.Style.BuilderVisibility.PACKAGE,
        overshadowImplementation = true,
        jdkOnly = true,
        allowedClasspathAnnotations = Generated.class, // Immutables' own would stay in the class files
        depluralize = true,
        add = "*",
        put = "*",
        redactedMask = "****",
        throwForNullPointer = NullArgumentException.class,
        underrideToString = "describe",
        throwForInvalidImmutableState = InvalidConfigException.class)
@Target({ElementType.PACKAGE, ElementType.TYPE})
@Retention(RetentionPolicy.SOURCE)
public @interface HouseStyle {}
