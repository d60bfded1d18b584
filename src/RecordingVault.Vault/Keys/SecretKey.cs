using System.Security.Cryptography;

namespace RecordingVault.Vault.Keys;

/// <summary>
/// 32 secret bytes that never leave this assembly: pinned while they live, wiped by <see cref="Dispose"/>, printed as "redacted".
/// Safe to use from several threads; a use that meets a disposal gets <see cref="ObjectDisposedException"/>, never a half-wiped key.
/// </summary>
public abstract class SecretKey : IDisposable
{
    internal const int LengthInBytes = 32;

    // A pinned array of its own for each copy would take a lock of the collector at each request.
    private static readonly PinnedPool Rooms = new(LengthInBytes, maxIdle: 256);

    private readonly byte[] bytes = Rooms.Rent();
    private readonly Lock gate = new();
    private bool disposed;

    private protected SecretKey(Guid id, ReadOnlySpan<byte> secret)
    {
        if (secret.Length != LengthInBytes) throw new ArgumentException("A key has 32 bytes.", nameof(secret));
        Id = id;
        secret.CopyTo(bytes);
    }

    private protected SecretKey(Guid id)
    {
        Id = id;
        RandomNumberGenerator.Fill(bytes);
    }

    private protected SecretKey(SecretKey original)
    {
        Id = original.Id;
        original.CopyTo(bytes);
    }

    /// <summary>The key's public name, drawn with it. It says nothing about the key.</summary>
    public Guid Id { get; }

    internal void Expand(ReadOnlySpan<byte> label, Span<byte> output)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            HKDF.Expand(HashAlgorithmName.SHA256, bytes, output, label);
        }
    }

    internal void Extract(ReadOnlySpan<byte> salt, Span<byte> pseudorandomKey)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            HKDF.Extract(HashAlgorithmName.SHA256, bytes, salt, pseudorandomKey);
        }
    }

    internal void CopyTo(Span<byte> destination)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            bytes.CopyTo(destination);
        }
    }

    /// <summary>Wipes the key. Every later use throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            CryptographicOperations.ZeroMemory(bytes);
            Rooms.Return(bytes);
        }
        GC.SuppressFinalize(this);
    }

    public sealed override string ToString() => "redacted";
}
