using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Keys;

/// <summary>
/// Seals each Data Protection key like a column, under a random key of its own that the vault key wraps (security.md 9, last paragraph):
/// a stolen database signs no cookie.
/// </summary>
internal sealed class DataProtectionSealer(VaultKeyring keyring) : IXmlEncryptor
{
    public const string Column = "data_protection_keys.xml";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var (key, wrap) = KeyHierarchy.NewDataProtectionKey(keyring.Vault);
        using (key)
        {
            var text = SealedText.Seal(key, Guid.Empty, key.Id, Column, plaintextElement.ToString(SaveOptions.DisableFormatting));
            var element = new XElement("sealed", new XAttribute("wrap", Convert.ToBase64String(wrap.Bytes.Span)), Convert.ToBase64String(text.Bytes.Span));
            return new EncryptedXmlInfo(element, typeof(DataProtectionOpener));
        }
    }
}

/// <summary>Opens what <see cref="DataProtectionSealer"/> sealed; the framework makes it by type name, with the service provider.</summary>
internal sealed class DataProtectionOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var keyring = services.GetRequiredService<VaultKeyring>();
        var wrap = WrappedKey.Parse(Convert.FromBase64String(encryptedElement.Attribute("wrap")?.Value ?? throw new FormatException("The wrap is missing.")));
        using var key = KeyHierarchy.OpenDataProtectionKey(keyring.Vault, wrap);
        var text = SealedText.FromBytes(Convert.FromBase64String(encryptedElement.Value));
        return XElement.Parse(text.Open(key, Guid.Empty, key.Id, DataProtectionSealer.Column));
    }
}

internal static class DataProtectionRegistration
{
    public static IServiceCollection AddVaultDataProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("RecordingVault").PersistKeysToDbContext<VaultDbContext>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlEncryptor = new DataProtectionSealer(provider.GetRequiredService<VaultKeyring>())));
        return services;
    }
}
