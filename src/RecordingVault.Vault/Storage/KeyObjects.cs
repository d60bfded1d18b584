using System.Runtime.CompilerServices;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>The wraps that stand in the bucket, so that bucket and root key rebuild a vault.</summary>
internal static class KeyObjects
{
    public static async IAsyncEnumerable<WrappedKey> ListAsync(IObjectStore objects, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in objects.ListAsync(prefix, cancellationToken))
        {
            if (ObjectNames.TryParseKey(found.Name.Value, out var place)) yield return await ReadAsync(objects, found.Name, place, cancellationToken);
        }
    }

    public static async Task<WrappedKey> ReadAsync(IObjectStore objects, ObjectName name, KeyPlace place, CancellationToken cancellationToken)
    {
        var bytes = new byte[WrapLayout.TotalLength + 1];
        await using var stream = await objects.OpenReadAsync(name, 0, bytes.Length, cancellationToken);
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var wrap = WrappedKey.Parse(bytes.AsMemory(0, length));
        place.Require(wrap);
        return wrap;
    }
}
