using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>Image and compose file can't be run where tests run; what can be held is that every name in them leads somewhere, and that nothing stands open.</summary>
[Trait("Run", "Once")]
public sealed partial class ContainerTests
{
    private const string Compose = "infra/compose.yaml";

    private static readonly string s_text = Checkout.Read(Compose);
    private static readonly Dictionary<string, object> s_compose = YamlText.Read(s_text);

    private static IReadOnlyList<(string Name, Dictionary<string, object> Parts)> Services => [.. Mapping(s_compose["services"]).Select(service => (service.Key, Mapping(service.Value)))];

    [Fact]
    public void Every_name_in_the_compose_file_leads_somewhere()
    {
        var lost = new List<string>();
        foreach (var (name, parts) in Services)
        {
            lost.AddRange(Names(parts, "depends_on").Except(Services.Select(service => service.Name)).Select(other => $"{name} depends on {other}"));
            lost.AddRange(Names(parts, "networks").Except(Mapping(s_compose["networks"]).Keys).Select(network => $"{name} is in {network}"));
            foreach (var source in List(parts, "volumes").Cast<string>().Select(volume => volume.Split(':')[0]))
            {
                if (source.StartsWith('.') ? !File.Exists(Path.Combine(Checkout.Folder, "infra", source)) : !Mapping(s_compose["volumes"]).ContainsKey(source))
                    lost.Add($"{name} mounts {source}");
            }

            lost.AddRange(List(parts, "configs").Select(config => (string)Mapping(config)["source"]).Except(Mapping(s_compose["configs"]).Keys).Select(config => $"{name} takes {config}"));
        }

        Assert.Equal("", string.Join('\n', lost));
        Assert.InRange(Services.Count, 5, 20);
    }

    [Fact]
    public void A_service_that_waits_for_another_to_be_healthy_waits_for_one_that_can_say_so()
    {
        foreach (var (name, parts) in Services.Where(service => service.Parts.GetValueOrDefault("depends_on") is Dictionary<string, object>))
        {
            foreach (var (other, how) in Mapping(parts["depends_on"]))
            {
                var awaited = Services.Single(service => service.Name == other).Parts;
                Assert.True((string)Mapping(how)["condition"] is "service_healthy" ? awaited.ContainsKey("healthcheck") : (string)awaited["restart"] is "no", $"{name} waits for {other} without end.");
            }
        }
    }

    [Fact]
    public void Every_setting_of_the_vault_is_one_and_every_secret_is_named_in_the_first_lines()
    {
        var known = Checkout.Read("docs/operations.md");
        var settings = Services.SelectMany(service => Names(service.Parts, "environment")).Where(key => key.StartsWith("Vault__", StringComparison.Ordinal)).Distinct().ToList();
        Assert.NotEmpty(settings);
        foreach (var setting in settings)
            Assert.Contains($"`{setting}`", known, StringComparison.Ordinal);
        var head = string.Join('\n', s_text.Split('\n').TakeWhile(line => line.StartsWith('#')));
        Assert.All(Wanted().Matches(s_text).Select(match => match.Groups["name"].Value).Distinct(), name => Assert.Contains($"{name}=%s", head.Replace($"{name}=vault.example", $"{name}=%s", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_but_the_proxy_is_reached_from_outside_and_the_vault_believes_nobody_else()
    {
        var open = Services.Where(service => service.Parts.ContainsKey("ports")).Select(service => service.Name);
        var proxy = Services.Single(service => service.Name == "proxy").Parts;
        var vault = Services.Single(service => service.Name == "vault").Parts;
        var address = (string)Mapping(Mapping(proxy["networks"])["front"])["ipv4_address"];
        var subnet = (string)Mapping(List(Mapping(Mapping(Mapping(s_compose["networks"])["front"])["ipam"]), "config")[0])["subnet"];

        Assert.Equal(["proxy"], open);
        Assert.Equal("true", Mapping(Mapping(s_compose["networks"])["inside"])["internal"]);
        Assert.Equal(address, Mapping(vault["environment"])["Vault__Proxy__Trusted"]);
        Assert.True(System.Net.IPNetwork.Parse(subnet).Contains(System.Net.IPAddress.Parse(address)));
        Assert.All(Services.Where(service => service.Name is not ("proxy" or "vault")), service => Assert.DoesNotContain("front", Names(service.Parts, "networks")));
    }

    [Fact]
    public void The_vault_runs_without_rights_on_a_file_system_that_stays_as_it_is()
    {
        foreach (var name in new[] { "vault", "worker", "migrate" })
        {
            var parts = Services.Single(service => service.Name == name).Parts;
            Assert.Equal("true", parts["read_only"]);
            Assert.Equal(["ALL"], List(parts, "cap_drop"));
            // What ffmpeg's sandbox needs is given to the one that is reached from nowhere.
            string[] options = name is "worker" ? ["no-new-privileges:true", "seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"] : ["no-new-privileges:true"];
            Assert.Equal(options, List(parts, "security_opt"));
            Assert.StartsWith("/tmp:", (string)List(parts, "tmpfs").Single(), StringComparison.Ordinal);
        }

        // The server itself never makes tables: it has no owner's password.
        Assert.DoesNotContain("VAULT_OWNER_PASSWORD", string.Join(' ', Mapping(Services.Single(service => service.Name == "vault").Parts["environment"]).Values), StringComparison.Ordinal);
    }

    [Fact]
    public void One_service_answers_requests_and_another_one_works_with_the_same_settings()
    {
        var (vault, worker) = (Services.Single(service => service.Name == "vault").Parts, Services.Single(service => service.Name == "worker").Parts);
        var (web, work) = (Mapping(vault["environment"]), Mapping(worker["environment"]));

        Assert.Equal(("web", "worker"), (web["Vault__Roles"], work["Vault__Roles"]));
        Assert.Equal(web.Where(setting => setting.Key is not "Vault__Roles").OrderBy(setting => setting.Key, StringComparer.Ordinal), work.Where(setting => setting.Key is not "Vault__Roles").OrderBy(setting => setting.Key, StringComparer.Ordinal));
        Assert.Equal(List(vault, "volumes"), List(worker, "volumes"));
        Assert.Equal(("6g", "2048"), (worker["mem_limit"], worker["pids_limit"]));
    }

    [Fact]
    public void The_image_is_built_from_what_is_there_and_starts_our_program_as_nobody_in_particular()
    {
        var lines = Checkout.Read("Dockerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();
        var last = lines[lines.FindLastIndex(line => line.StartsWith("FROM ", StringComparison.Ordinal))..];
        var copied = lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]);
        var framework = XDocument.Parse(Checkout.Read("Directory.Build.props")).Descendants("TargetFramework").Single().Value["net".Length..];

        Assert.All(copied, source => Assert.True(Path.Exists(Path.Combine(Checkout.Folder, source)), $"{source} is not there."));
        Assert.All(lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)), line => Assert.Matches($":{Regex.Escape(framework)}( |$)", line));
        Assert.DoesNotContain(lines, line => line.StartsWith("ADD ", StringComparison.Ordinal));
        Assert.All(Published().Matches(string.Join('\n', lines)).Select(match => match.Groups["project"].Value), project => Assert.True(Directory.Exists(Path.Combine(Checkout.Folder, project))));
        Assert.All(["ffmpeg", "bubblewrap", "socat"], program => Assert.Contains(last, line => line.StartsWith("RUN ", StringComparison.Ordinal) && line.Contains($" {program}", StringComparison.Ordinal)));
        Assert.Contains(last, line => line.StartsWith("ENV ", StringComparison.Ordinal) && line.Contains("DOTNET_EnableDiagnostics=0", StringComparison.Ordinal) && line.Contains("Vault__DataDirectory=/data", StringComparison.Ordinal));
        Assert.Equal(["USER $APP_UID"], last.Where(line => line.StartsWith("USER ", StringComparison.Ordinal)));
        Assert.Contains("VOLUME /data", last);
        Assert.Contains(last, line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal) && line.Contains("/health/ready", StringComparison.Ordinal));
        Assert.Equal($"ENTRYPOINT [\"dotnet\", \"{typeof(VaultServer).Assembly.GetName().Name}.dll\"]", last[^1]);
    }

    [Theory]
    [InlineData("a: 1\na: 2\n")]
    [InlineData("a:\n\tb: 1\n")]
    [InlineData("a:\n  b: 1\n c: 2\n")]
    [InlineData("a: {b: 1}\n")]
    public void What_is_no_such_file_is_not_read_as_one(string text) => Assert.ThrowsAny<Exception>(() => YamlText.Read(text));

    private static Dictionary<string, object> Mapping(object? part) => part is Dictionary<string, object> mapping ? mapping : throw new FormatException($"{part} is no mapping.");

    private static List<object> List(Dictionary<string, object> parts, string name) => parts.GetValueOrDefault(name) is List<object> list ? list : [];

    private static IEnumerable<string> Names(Dictionary<string, object> parts, string name) => parts.GetValueOrDefault(name) switch
    {
        Dictionary<string, object> mapping => mapping.Keys,
        List<object> list => list.Cast<string>(),
        _ => [],
    };

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Wanted();

    [GeneratedRegex(@"dotnet publish (?<project>\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Published();
}
