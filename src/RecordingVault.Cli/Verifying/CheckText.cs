using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using RecordingVault.Cli.Output;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Verifying;

/// <summary>What a check found, for people and for programs. Names in a package that was verified are plain ASCII.</summary>
internal static class CheckText
{
    public static IEnumerable<string> Lines(PackageCheck check)
    {
        var package = check.Package;
        yield return "Whole, and as it was signed: no byte, name or order in it was changed since.";
        yield return $"{"package",-10}{package.Id}";
        yield return $"{"made",-10}{Time(package.MadeAt)}";
        yield return $"{"size",-10}{package.LengthInBytes} bytes, SHA-256 {Convert.ToHexStringLower(package.Sha256.Span)}";
        yield return $"{"signed by",-10}{package.KeyId} (Ed25519 {Base64Url.EncodeToString(package.PublicKey.Span)})";
        yield return $"{"key",-10}{check.Key.Words("package")}";
        foreach (var inner in package.Inner)
            yield return $"{"holds",-10}package {inner.Id}, {inner.Files.Count} files, signed by {inner.KeyId}";
        foreach (var file in package.Files)
            yield return $"{"file",-10}{file.Name}, {file.LengthInBytes} bytes";
        foreach (var manifest in check.Manifests)
            yield return $"{"manifest",-10}{manifest.Name}: {manifest.Verdict.Words()}";
        yield return "This is proof of no change since it was signed, not of who the key's owner is, and not of what the recording shows.";
    }

    public static string Json(PackageCheck check) => JsonLine.Of(json =>
    {
        json.WriteBoolean("whole", true);
        json.WriteString("key", check.Key.Name());
        Write(json, check.Package);
        json.WriteStartArray("manifests");
        foreach (var manifest in check.Manifests)
        {
            json.WriteStartObject();
            json.WriteString("name", manifest.Name);
            json.WriteString("verdict", manifest.Verdict.Name());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static string Json(PackageException refused) => JsonLine.Of(json =>
    {
        json.WriteBoolean("whole", false);
        json.WriteString("failure", Name(refused.Failure));
        json.WriteString("error", refused.Message);
    });

    public static string Name(PackageFailure failure) => failure switch
    {
        PackageFailure.NotAPackage => "not-a-package",
        PackageFailure.Cut => "cut",
        PackageFailure.Structure => "structure",
        PackageFailure.Name => "name",
        PackageFailure.TooLarge => "too-large",
        PackageFailure.Digest => "digest",
        _ => "signature",
    };

    private static void Write(Utf8JsonWriter json, VerifiedPackage package)
    {
        json.WriteString("package", package.Id);
        json.WriteString("madeAt", Time(package.MadeAt));
        json.WriteNumber("bytes", package.LengthInBytes);
        json.WriteString("sha256", Convert.ToHexStringLower(package.Sha256.Span));
        json.WriteString("keyId", package.KeyId);
        json.WriteString("publicKey", Base64Url.EncodeToString(package.PublicKey.Span));
        json.WriteStartArray("files");
        foreach (var file in package.Files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteNumber("bytes", file.LengthInBytes);
            json.WriteString("sha256", Convert.ToHexStringLower(file.Sha256.Span));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("packages");
        foreach (var inner in package.Inner)
        {
            json.WriteStartObject();
            Write(json, inner);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
