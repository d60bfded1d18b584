using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage;

/// <summary>A sealed object as a listing shows it: what its name says, and nothing of what it holds.</summary>
/// <param name="Sequence">The number of a manifest or card; null for all others.</param>
public sealed record StoredObjectName(
    string Name, ObjectRole Role, Guid TenantId, Guid OwnerId, Guid ObjectId, long? Sequence, long LengthInBytes, DateTimeOffset LastModified);

/// <summary>One sealed object that stands for itself, outside of any manifest: an export package, a piece of evidence.</summary>
public sealed record WholeObject(Guid ObjectId, ReadOnlyMemory<byte> Salt, long PlaintextLength);
