namespace RecordingVault.Vault.Packages;

/// <summary>A short file of a package that speaks of another one in it.</summary>
/// <param name="Name">As in <see cref="VerifiedPackage.Files"/>; of an inner package behind that one's name and a slash.</param>
/// <param name="Content">Null where it is longer than was asked for.</param>
/// <param name="Of">The file that it is called after, which came before it; null where none did.</param>
public sealed record BesideFile(string Name, ReadOnlyMemory<byte>? Content, VerifiedFile? Of);

/// <summary>Whoever wants to look at the short files beside others while a package is verified: a package is read once, and kept nowhere.</summary>
/// <param name="Ending">Of their names, behind the whole name of what they are of.</param>
/// <param name="MostBytes">Of one of them.</param>
/// <param name="Read">Called for each, as it comes. What it is told is proved only when the whole package was found good.</param>
public sealed record BesideFiles(string Ending, int MostBytes, Action<BesideFile> Read);
