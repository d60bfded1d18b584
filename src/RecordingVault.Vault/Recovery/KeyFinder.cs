using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Recovery;

/// <summary>
/// Goes down from the root key to one owner's key by the key objects of the bucket. In the middle of a rotation several wraps open; which of
/// several keys sealed an object, its commitment says.
/// </summary>
internal sealed class KeyFinder(IObjectStore objects)
{
    public async Task<CandidateKeys> FindOwnerKeysAsync(RootKey root, KeyKind kind, Guid tenantId, Guid ownerId, CancellationToken cancellationToken)
    {
        using var tenantKeys = new CandidateKeyList<TenantKey>();
        await OpenAllAsync(tenantKeys, ObjectNames.TenantKeyPrefix(tenantId), [root], (_, wrap) => KeyHierarchy.OpenTenantKey(root, wrap), cancellationToken);
        var ownerKeys = new CandidateKeyList<OwnerKey>();
        try
        {
            var prefix = $"{ObjectNames.OwnerPrefix(kind, tenantId, ownerId)}key/";
            await OpenAllAsync(ownerKeys, prefix, tenantKeys.Keys, (parent, wrap) => KeyHierarchy.OpenOwnerKey((TenantKey)parent, wrap), cancellationToken);
            return new CandidateKeys(ownerKeys);
        }
        catch
        {
            ownerKeys.Dispose();
            throw;
        }
    }

    private async Task OpenAllAsync<TKey>(
        CandidateKeyList<TKey> opened, string prefix, IReadOnlyList<SecretKey> parents, Func<SecretKey, WrappedKey, TKey> open, CancellationToken cancellationToken)
        where TKey : SecretKey
    {
        var failure = new SealedFormatException(FormatFailure.Missing, $"There is no key object below {prefix}.");
        await foreach (var found in objects.ListAsync(prefix, cancellationToken))
        {
            if (!ObjectNames.TryParseKey(found.Name.Value, out var place)) continue;
            if (failure.Failure == FormatFailure.Missing) failure = new SealedFormatException(FormatFailure.WrongKey, $"No key object below {prefix} was made by the key in hand.");
            var parent = parents.FirstOrDefault(parent => parent.Id == place.WrappingKeyId);
            if (parent is null) continue;
            try
            {
                opened.Keys.Add(open(parent, await KeyObjects.ReadAsync(objects, found.Name, place, cancellationToken)));
            }
            catch (SealedFormatException problem)
            {
                failure = problem;
            }
        }
        if (opened.Keys.Count == 0) throw failure;
    }
}
