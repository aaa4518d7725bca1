const before=new Set(process.moduleLoadList);const t=process.cpuUsage();const s=performance.now();
for (const m of process.argv.slice(2)) await import(m);
const c=process.cpuUsage(t);console.log(process.argv.slice(2).join(' '),'wall',(performance.now()-s).toFixed(0),'cpu',((c.user+c.system)/1000).toFixed(0),'rss',(process.memoryUsage().rss/1e6).toFixed(0));
