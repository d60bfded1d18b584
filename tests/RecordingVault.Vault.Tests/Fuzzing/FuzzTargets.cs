using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Fuzzing;

/// <summary>
/// One way into each parser of strangers' bytes. Whatever comes in, it answers or throws <see cref="SealedFormatException"/>: another exception,
/// a hang or a large allocation is a finding. Call them from any fuzzer.
/// </summary>
internal static class FuzzTargets
{
    private static readonly TenantDataKey Key = new(Guid.Empty, Guid.Empty, new byte[32]);

    public static void Header(ReadOnlySpan<byte> bytes) => SealedHeader.Parse(bytes);

    public static void Wrap(ReadOnlySpan<byte> bytes) => WrappedKey.Parse(bytes.ToArray());

    public static void Manifest(ReadOnlySpan<byte> bytes) => ManifestReader.Read(bytes);

    public static void Card(ReadOnlySpan<byte> bytes) => CardReader.Read(bytes, out _);

    public static void Object(ReadOnlySpan<byte> bytes) => LoneObject.Open(bytes, Key, null).Dispose();

    public static void Text(ReadOnlySpan<byte> bytes) => SealedText.FromBytes(bytes.ToArray()).Open(Key, Guid.Empty, Guid.Empty, "table.column");
}
