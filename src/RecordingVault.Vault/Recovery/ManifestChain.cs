using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Recovery;

/// <summary>
/// Follows the digests from the newest manifest back to the first. A crash can leave a manifest that was never committed beside the one that was;
/// the digest in the next one says which belongs.
/// </summary>
internal static class ManifestChain
{
    public static async Task<bool> IsWholeAsync(
        IObjectStore objects, OwnerKey key, Manifest newest, IReadOnlyList<CountedName> manifests, CancellationToken cancellationToken)
    {
        var bySequence = manifests.ToLookup(name => name.Sequence);
        var current = newest;
        while (current.PreviousDigest is { } digest)
        {
            if (await FindAsync(objects, key, bySequence[current.Sequence - 1], digest, cancellationToken) is not { } previous) return false;
            current = previous;
        }
        return true;
    }

    private static async Task<Manifest?> FindAsync(
        IObjectStore objects, OwnerKey key, IEnumerable<CountedName> candidates, ReadOnlyMemory<byte> digest, CancellationToken cancellationToken)
    {
        foreach (var candidate in candidates)
        {
            try
            {
                return await CountedObjects.OpenManifestAsync(objects, key, candidate.ObjectId, candidate.Sequence, digest, cancellationToken);
            }
            catch (SealedFormatException)
            {
                // Another one of this number, or one that was changed: not a link of the chain.
            }
        }
        return null;
    }
}
