using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RecordingVault.Vault.Keys;

/// <summary>The root key in a file of its own: 32 raw bytes, or 64 hex digits with or without a line end, readable by its owner only.</summary>
public sealed class FileRootKey(string path) : IRootKeyProvider
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Name => "file";

    public RootKey Load()
    {
        Span<byte> bytes = stackalloc byte[RootKeyText.MaxLength + 1];
        try
        {
            var length = Read(bytes);
            if (length == SecretKey.LengthInBytes) return RootKey.FromBytes(bytes[..length]);
            return RootKeyText.TryParseHex(bytes[..length], out var key)
                ? key
                : throw new RootKeyException($"The root key file {path} must hold 32 raw bytes or 64 hex digits. Put the right file there, or restore it from your backup.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Makes a new root key file, mode 0600, in hex so that it can be printed. Never overwrites: a lost root key is a lost vault.</summary>
    public static FileRootKey Create(string path)
    {
        using var key = RootKey.Generate();
        Span<byte> secret = stackalloc byte[SecretKey.LengthInBytes];
        Span<byte> text = stackalloc byte[(2 * SecretKey.LengthInBytes) + 1];
        try
        {
            key.CopyTo(secret);
            Convert.TryToHexStringLower(secret, text, out var written);
            text[written] = (byte)'\n';
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using var file = new FileStream(path, options);
            file.Write(text);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(text);
        }
        Storage.DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new FileRootKey(path);
    }

    private int Read(Span<byte> bytes)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            RequireOwnerOnly(file);
            return RandomAccess.Read(file, bytes, 0);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new RootKeyException($"The root key file {path} can't be read: {problem.Message}");
        }
    }

    private void RequireOwnerOnly(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows()) return;
        if ((File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
            throw new RootKeyException($"The root key file {path} can be read or changed by other users of this machine. Run: chmod 600 '{path}'");
    }
}
