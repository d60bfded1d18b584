using System.Runtime.CompilerServices;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>The wraps that stand in the bucket, so that bucket and root key rebuild a vault.</summary>
internal static class KeyObjects
{
    private const int MostRounds = 10;

    public static async IAsyncEnumerable<WrappedKey> ListAsync(IObjectStore objects, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in objects.ListAsync(prefix, cancellationToken))
        {
            if (ObjectNames.TryParseKey(found.Name.Value, out var place)) yield return await ReadAsync(objects, found.Name, place, cancellationToken);
        }
    }

    /// <summary>Whether anything lies below a prefix.</summary>
    public static async Task<bool> AnyAsync(IObjectStore objects, string prefix, CancellationToken cancellationToken)
    {
        await foreach (var _ in objects.ListAsync(prefix, cancellationToken))
            return true;
        return false;
    }

    public static async Task DeleteAllAsync(IObjectStore objects, string prefix, CancellationToken cancellationToken)
    {
        // A rotation may put one while we delete; what is still there after so many rounds does not go.
        for (var round = 0; round < MostRounds; round++)
        {
            List<ObjectName> names = [];
            await foreach (var found in objects.ListAsync(prefix, cancellationToken)) names.Add(found.Name);
            if (names.Count == 0) return;
            foreach (var name in names) await objects.DeleteAsync(name, cancellationToken);
        }
        throw new IOException($"Key objects below {prefix} are still there after they were deleted.");
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
