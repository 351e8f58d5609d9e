using System.Diagnostics;
using k8s;
using k8s.Models;
using Rouser.Coordination;
using Rouser.Orchestrator.Tests;
using Rouser.Orchestrator.Tests.Cluster;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// The cluster where nobody knows an address before: pods find each other by the API server. No real Kubernetes was
/// used; <see cref="KubernetesApi"/> stands in.
/// </summary>
public sealed class KubernetesTests : IDisposable
{
    private const string Pods = "kubernetes://app=rouser,role=orchestrator";

    private readonly TemporaryFolder _folder = new(),
        _account = new();

    public void Dispose()
    {
        _folder.Dispose();
        _account.Dispose();
    }

    [Fact]
    public async Task Three_processes_find_each_other_and_a_standby_takes_over()
    {
        string spec = SmallSweeps.Write(_folder, trials: 3, epochs: 100);
        await using KubernetesApi api = await KubernetesApi.StartAsync(_account);
        int port = Nodes.FreeAddress().Port,
            management = Nodes.FreeAddress().Port;
        NodeAddress first = new("127.0.0.2", port),
            second = new("127.0.0.3", port);
        api.Add("rouser-0", first.Host, "orchestrator", management);
        api.Add("rouser-1", second.Host, "orchestrator", management);
        api.Add("rouser-worker-x", "127.0.0.4", "worker", management);
        using var run = new AkkaRun(_folder, "pods", spec) { Environment = api.Environment(management) };

        // Both have one folder, but a log of their own by the port: so the second listens on the next one.
        second = second with
        {
            Port = Nodes.FreeAddress().Port,
        };
        Process[] orchestrators = [Serve(run, spec, first), Serve(run, spec, second)];
        Process worker = run.Start(
            "worker",
            "--slots",
            "1",
            "--threads",
            "1",
            "--name",
            "w1",
            "--listen",
            "127.0.0.4:0",
            "--join",
            Pods
        );
        await run.Until(() => run.Logged(first, $"orchestrator {second} is in the cluster"), "the second is there");
        await run.Until(() => run.Logged(second, $"orchestrator {first} is in the cluster"), "the first is there");
        await run.Until(events => events.OfType<EpochRecorded>().Any(), "the worker trains");
        int active = run.Logged(first, "serves") ? 0 : 1;
        await ClusterRun.Kill(orchestrators[active]);

        await run.EndWell(orchestrators[1 - active], worker);
        Assert.All(run.Events.OfType<TrialAssigned>(), e => Assert.Equal(1, e.Attempt));
        Assert.True(api.Requests.Answered > 0);
        Assert.Equal(0, api.Requests.Refused);
    }

    /// <summary>
    /// Every document of the manifests is one that Kubernetes' own models know, to the last field: what they do not
    /// know is an error here.
    /// </summary>
    [Fact]
    public void The_manifests_hold_nothing_that_Kubernetes_does_not_know()
    {
        string yaml = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "kubernetes.yaml"));
        List<object> objects = KubernetesYaml.LoadAllFromString(yaml, strict: true);
        V1StatefulSet orchestrators = Assert.Single(objects.OfType<V1StatefulSet>());
        V1Container container = Assert.Single(orchestrators.Spec.Template.Spec.Containers);
        Assert.Contains(container.Ports, p => p.Name == KubernetesPods.PortName);
        string selector = string.Join(',', orchestrators.Spec.Template.Metadata.Labels.Select(l => $"{l.Key}={l.Value}"));
        Assert.Contains($"{KubernetesPods.Scheme}{selector}", container.Args);
        V1Deployment workers = Assert.Single(objects.OfType<V1Deployment>());
        Assert.Contains($"{KubernetesPods.Scheme}{selector}", Assert.Single(workers.Spec.Template.Spec.Containers).Args);
        // Their account may read the pods, and nothing else.
        V1PolicyRule rule = Assert.Single(Assert.Single(objects.OfType<V1Role>()).Rules);
        Assert.Equal(("pods", "get,list,watch"), (Assert.Single(rule.Resources), string.Join(',', rule.Verbs.Order())));
        foreach (V1PodSpec pod in new[] { orchestrators.Spec.Template.Spec, workers.Spec.Template.Spec })
            Assert.Equal(Assert.Single(objects.OfType<V1ServiceAccount>()).Metadata.Name, pod.ServiceAccountName);
        string misspelt = yaml.Replace("replicas:", "replica:", StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.LoadAllFromString(misspelt, strict: true));
    }

    private static Process Serve(AkkaRun run, string spec, NodeAddress listen) =>
        run.Start("serve", spec, "--out", run.Folder, "--listen", $"{listen}", "--http", "off", "--quiet", "--seed", Pods);
}
